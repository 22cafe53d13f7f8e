// InflightFile: the InflightLog as a memory-mapped file of slots.
//
// It survives SIGKILL without a sync. It does not survive a power cut: then the boot id of the machine has
// changed and the doubts say so. After a clean end there are none.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "core/inflight_log.hpp"
#include "store/mapped_file.hpp"

namespace parley {

class InflightFile final : public InflightLog {
  public:
    static constexpr std::size_t capacity = 8192;

    ~InflightFile() override;  // clean when nothing is noted

    bool note(OutboundId id) override;  // noting twice is once
    void clear(OutboundId id) override;

    // Call it once the doubts are in the store (as held). The noted ids stay until each is cleared; this ends
    // the doubt that a restart of the machine has left.
    void doubts_recorded();

  private:
    friend struct InflightOpening;
    struct Header;
    explicit InflightFile(MappedFile file) : file_(std::move(file)) {}
    Header& header() const noexcept;
    std::span<std::int64_t> slots() const noexcept;

    MappedFile file_;
    std::mutex mutex_;
    std::unordered_map<OutboundId, std::size_t> slot_of_;
    std::vector<std::size_t> free_;
};

struct InflightOpening {
    std::unique_ptr<InflightFile> log;
    InflightDoubts doubts;  // of the engine before this one; empty when it ended cleanly

    static Result<InflightOpening> open(const std::string& path, const std::string& boot_id);
};

// The kernel's id of this start of the machine; empty where there is none.
std::string current_boot_id();

// `boot_id`: only tests give another. unavailable: the file cannot be made.
inline Result<InflightOpening> open_inflight_file(const std::string& path,
                                                  const std::string& boot_id = current_boot_id()) {
    return InflightOpening::open(path, boot_id);
}

}  // namespace parley
