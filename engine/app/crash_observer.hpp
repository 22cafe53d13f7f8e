// Which message was in an agent's hands when a fatal signal came, or when the agent called exit(): written
// where the next engine finds it.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "host/callback_observer.hpp"
#include "store/crash_marker.hpp"

namespace parley {

class CrashObserver final : public CallbackObserver {
  public:
    // Opens the marker file and installs handlers for SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT, which
    // stamp the message of the crashing thread and then let the signal take its course. An exit() within a
    // callback is stamped likewise and ends the process at once, with code 1. One observer a process.
    static Result<std::unique_ptr<CrashObserver>> open(const std::filesystem::path& file);
    ~CrashObserver() override;

    // The messages in whose callbacks the engine before this one crashed.
    const std::vector<ItemSeq>& blamed() const { return blamed_; }

    void entering(ItemSeq seq) override;
    void left() override;

  private:
    CrashObserver(std::unique_ptr<CrashMarker> marker, std::vector<ItemSeq> blamed);

    std::unique_ptr<CrashMarker> marker_;
    std::vector<ItemSeq> blamed_;
};

}  // namespace parley
