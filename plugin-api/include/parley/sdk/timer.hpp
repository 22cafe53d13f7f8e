// Waiting inside a turn without holding a thread: co_await turn.sleep(200ms)
#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>

#include <parley/sdk/error.hpp>
#include <parley/sdk/instance.hpp>

namespace parley {

// Throws Refused when the host has no timer for it.
class SleepWaiter final : public Waiter {
  public:
    SleepWaiter(Instance& instance, parley_turn turn, std::chrono::milliseconds duration) noexcept
        : Waiter(instance.operations), instance_(instance), turn_(turn), duration_(duration) {}

    bool await_ready() const noexcept { return duration_.count() <= 0; }

    bool await_suspend(std::coroutine_handle<> coroutine) {
        constexpr std::int64_t longest = UINT32_MAX;
        const auto ms = static_cast<std::uint32_t>(duration_.count() < longest ? duration_.count() : longest);
        parley_op op = 0;
        const parley_timer* timer = instance_.timer;
        status_ = timer ? timer->start(instance_.host->ctx, turn_, ms, &op) : PARLEY_UNSUPPORTED;
        if (status_ != PARLEY_OK) return false;
        wait_for(op, coroutine);
        return true;
    }

    void await_resume() const { require_ok(status_, "sleep"); }

  protected:
    void take(const parley_result& result) override { status_ = result.status; }

  private:
    Instance& instance_;
    parley_turn turn_;
    std::chrono::milliseconds duration_;
    parley_status status_ = PARLEY_OK;
};

}  // namespace parley
