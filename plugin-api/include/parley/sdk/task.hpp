// The coroutine that answers one turn: parley::Task on_message(parley::Turn turn) { … co_return; }
#pragma once

#include <coroutine>
#include <exception>
#include <string>
#include <utility>

#include <parley/sdk/turn.hpp>

namespace parley {

// The task owns the turn. Returning finishes it with PARLEY_OK; an exception that leaves it finishes it with
// PARLEY_INTERNAL and its what(). Where the host takes the turn away, the coroutine is destroyed at the
// co_await at which it waits: destructors run, code after it does not. Take the Turn by value.
class [[nodiscard]] Task {
  public:
    class promise_type;

    Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    Task& operator=(Task&&) = delete;
    ~Task() {
        if (coroutine_) coroutine_.destroy();
    }

    // Runs to the first co_await that waits; from then on the coroutine looks after itself.
    void start() { std::exchange(coroutine_, nullptr).resume(); }

  private:
    explicit Task(std::coroutine_handle<> coroutine) noexcept : coroutine_(coroutine) {}

    std::coroutine_handle<> coroutine_;
};

class Task::promise_type {
  public:
    template <class... More>
    explicit promise_type(const Turn& turn, const More&...) noexcept : instance_(turn.instance()) {
        frame_.turn = turn.id();
        frame_.coroutine = std::coroutine_handle<promise_type>::from_promise(*this);
        instance_.frames.link(frame_);
    }

    template <class Agent, class... More>
    promise_type(const Agent&, const Turn& turn, const More&...) noexcept : promise_type(turn) {}

    promise_type(const promise_type&) = delete;
    promise_type& operator=(const promise_type&) = delete;
    ~promise_type() { instance_.frames.unlink(frame_); }

    Task get_return_object() noexcept { return Task(frame_.coroutine); }
    std::suspend_always initial_suspend() const noexcept { return {}; }

    std::suspend_never final_suspend() noexcept {
        const parley_host& host = *instance_.host;
        instance_.threads.expect_agent(frame_.turn, "a turn was ended");
        if (!is_over_) host.finish(host.ctx, frame_.turn, status_, str(error_));
        return {};
    }

    void return_void() const noexcept {}

    void unhandled_exception() noexcept {
        try {
            throw;
        } catch (const TurnOver&) {
            is_over_ = true;
        } catch (const std::exception& error) {
            fail(error.what());
        } catch (...) {
            fail("an exception that is not a std::exception");
        }
    }

  private:
    void fail(const char* what) noexcept {
        status_ = PARLEY_INTERNAL;
        error_ = what;
    }

    Instance& instance_;
    Frame frame_;
    parley_status status_ = PARLEY_OK;
    std::string error_;
    bool is_over_ = false;
};

}  // namespace parley
