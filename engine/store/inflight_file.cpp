#include "store/inflight_file.hpp"

#include <array>
#include <atomic>
#include <cstring>
#include <fstream>

namespace parley {
namespace {

constexpr std::array<char, 8> magic = {'P', 'R', 'L', 'Y', 'I', 'N', 'F', '1'};

enum class Ending : std::int64_t { running = 0, clean = 1, rebooted = 2 };  // stored

}  // namespace

struct InflightFile::Header {
    std::array<char, 8> magic;
    std::array<char, 48> boot_id;
    Ending ending;
};

InflightFile::Header& InflightFile::header() const noexcept {
    return *reinterpret_cast<Header*>(file_.data());
}

std::span<std::int64_t> InflightFile::slots() const noexcept {
    return {reinterpret_cast<std::int64_t*>(file_.data() + sizeof(Header)), capacity};
}

InflightFile::~InflightFile() {
    const std::lock_guard lock(mutex_);
    if (slot_of_.empty() && header().ending == Ending::running) {
        header().ending = Ending::clean;
        file_.sync();
    }
}

bool InflightFile::note(OutboundId id) {
    const std::lock_guard lock(mutex_);
    if (slot_of_.contains(id)) return true;
    if (free_.empty()) return false;
    const std::size_t slot = free_.back();
    free_.pop_back();
    slot_of_.emplace(id, slot);
    std::atomic_ref(slots()[slot]).store(to_int(id), std::memory_order_release);
    return true;
}

void InflightFile::clear(OutboundId id) {
    const std::lock_guard lock(mutex_);
    const auto found = slot_of_.find(id);
    if (found == slot_of_.end()) return;
    std::atomic_ref(slots()[found->second]).store(0, std::memory_order_release);
    free_.push_back(found->second);
    slot_of_.erase(found);
}

void InflightFile::doubts_recorded() {
    const std::lock_guard lock(mutex_);
    header().ending = Ending::running;
    file_.sync();
}

Result<InflightOpening> InflightOpening::open(const std::string& path, const std::string& boot_id) {
    auto file =
        MappedFile::open(path, sizeof(InflightFile::Header) + InflightFile::capacity * sizeof(std::int64_t));
    if (!file) return file.error();
    InflightOpening opened;
    opened.log.reset(new InflightFile(std::move(*file)));
    InflightFile& log = *opened.log;
    auto& header = log.header();

    std::array<char, 48> boot{};
    std::memcpy(boot.data(), boot_id.data(), std::min(boot_id.size(), boot.size() - 1));
    const bool known = header.magic == magic;
    const bool clean = !known || header.ending == Ending::clean;
    opened.doubts.same_boot = clean || (header.boot_id == boot && header.ending != Ending::rebooted);
    // After a restart of the machine the slots are whatever the disk happened to have.
    if (!known || !opened.doubts.same_boot) std::memset(log.slots().data(), 0, log.slots().size_bytes());
    for (std::size_t slot = InflightFile::capacity; slot-- > 0;) {
        const OutboundId id{log.slots()[slot]};
        if (id == OutboundId{} || !log.slot_of_.emplace(id, slot).second) {
            log.slots()[slot] = 0;
            log.free_.push_back(slot);
        } else {
            opened.doubts.ids.push_back(id);
        }
    }
    header = {magic, boot, opened.doubts.same_boot ? Ending::running : Ending::rebooted};
    // Before the first send: a power cut from here on must not look like a clean end.
    if (!log.file_.sync()) return Error(Errc::unavailable, "cannot write " + path);
    return opened;
}

std::string current_boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

}  // namespace parley
