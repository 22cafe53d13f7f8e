// CrashMarker: which turn ran on a thread when a fatal signal came. A memory-mapped file with a slot a
// thread; only the signal or exit handler stamps, so SIGKILL, power loss and other threads' crashes blame
// nobody.
//
// Threads   enter and leave by the thread that runs the agent; stamp() on the crashing thread,
// async-signal-safe. One marker at a time is used by a process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/ids.hpp"
#include "store/mapped_file.hpp"

namespace parley {

struct CrashMarkerOpening;

class CrashMarker {
  public:
    static constexpr std::size_t max_threads = 512;  // turns on more threads than this are not marked

    // The agent of `seq` runs on this thread until the scope ends. Scopes nest.
    class Scope {
      public:
        Scope(CrashMarker& marker, ItemSeq seq) noexcept;
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

      private:
        std::int64_t* running_ = nullptr;
        std::int64_t before_ = 0;
    };

    // Marks the turn that runs on the calling thread, if any, as the crash's cause.
    static void stamp() noexcept;

    ~CrashMarker();

  private:
    friend struct CrashMarkerOpening;
    struct Slot;
    explicit CrashMarker(MappedFile file);
    Slot* slot_of_this_thread() noexcept;

    MappedFile file_;
};

struct CrashMarkerOpening {
    std::unique_ptr<CrashMarker> marker;
    std::vector<ItemSeq> blamed;  // turns that were stamped in the process before this one; told once

    static Result<CrashMarkerOpening> open(const std::string& path);
};

}  // namespace parley
