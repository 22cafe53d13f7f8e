#include "store/crash_marker.hpp"

#include <atomic>
#include <cstring>

namespace parley {

struct CrashMarker::Slot {
    std::int64_t running;
    std::int64_t stamped;
};

namespace {

// Which marker a thread's slot belongs to: a later marker of the same process hands out new slots.
std::atomic<std::uint64_t> generation{0};
std::atomic<std::size_t> next_slot{0};

// Plain values, so a signal handler can read them.
thread_local std::uint64_t my_generation = 0;
thread_local std::int64_t* my_running = nullptr;
thread_local std::int64_t* my_stamped = nullptr;

}  // namespace

CrashMarker::CrashMarker(MappedFile file) : file_(std::move(file)) {
    next_slot = 0;
    ++generation;
}

CrashMarker::~CrashMarker() {
    ++generation;
}

CrashMarker::Slot* CrashMarker::slot_of_this_thread() noexcept {
    const std::size_t index = next_slot.fetch_add(1);
    return index < max_threads ? reinterpret_cast<Slot*>(file_.data()) + index : nullptr;
}

CrashMarker::Scope::Scope(CrashMarker& marker, ItemSeq seq) noexcept {
    const std::uint64_t now = generation.load();
    if (my_generation != now) {
        Slot* slot = marker.slot_of_this_thread();
        my_running = slot == nullptr ? nullptr : &slot->running;
        my_stamped = slot == nullptr ? nullptr : &slot->stamped;
        my_generation = now;
    }
    running_ = my_running;
    if (running_ == nullptr) return;
    before_ = *running_;
    std::atomic_ref(*running_).store(to_int(seq));
}

CrashMarker::Scope::~Scope() {
    if (running_ != nullptr) std::atomic_ref(*running_).store(before_);
}

void CrashMarker::stamp() noexcept {
    if (my_running == nullptr || my_generation != generation.load()) return;
    std::atomic_ref(*my_stamped).store(std::atomic_ref(*my_running).load());
}

Result<CrashMarkerOpening> CrashMarkerOpening::open(const std::string& path) {
    auto file = MappedFile::open(path, CrashMarker::max_threads * sizeof(CrashMarker::Slot));
    if (!file) return file.error();
    CrashMarkerOpening opened;
    const auto* slots = reinterpret_cast<const CrashMarker::Slot*>(file->data());
    for (std::size_t i = 0; i < CrashMarker::max_threads; ++i)
        if (slots[i].stamped != 0) opened.blamed.push_back(ItemSeq{slots[i].stamped});
    std::memset(file->data(), 0, file->size());
    if (!file->sync()) return Error(Errc::unavailable, "cannot write " + path);
    opened.marker.reset(new CrashMarker(std::move(*file)));
    return opened;
}

}  // namespace parley
