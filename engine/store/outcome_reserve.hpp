// OutcomeReserve: a preallocated file for the outcomes of sends that ended while the disk took no more. A
// crash before the disk recovers must not make them unknown, or they would be sent twice.
//
// Threads   The writer's; read() before it starts.
#pragma once

#include <string>
#include <vector>

#include "core/message_store.hpp"
#include "store/mapped_file.hpp"

namespace parley {

class OutcomeReserve {
  public:
    static constexpr std::size_t bytes = 1u << 20;  // some 9000 outcomes: more than can be in flight

    static Result<OutcomeReserve> open(const std::string& path);

    // False when it is full: the outcome is then in memory only. Long texts are cut.
    bool append(const OutcomeRecord& outcome);
    std::vector<OutcomeRecord> read() const;
    void clear();
    bool is_empty() const noexcept;

  private:
    struct Header;
    explicit OutcomeReserve(MappedFile file) : file_(std::move(file)) {}
    Header& header() const noexcept;

    MappedFile file_;
};

}  // namespace parley
