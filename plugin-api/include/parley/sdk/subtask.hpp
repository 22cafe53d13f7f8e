// A part of a turn in a coroutine of its own: parley::Subtask<Offer> fetch_offer(Turn& turn) { … co_return
// offer; }
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace parley {

namespace detail {

class SubtaskPromiseBase {
  public:
    std::suspend_always initial_suspend() const noexcept { return {}; }

    struct Return {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> coroutine) const noexcept {
            return coroutine.promise().continuation;
        }
        void await_resume() const noexcept {}
    };
    Return final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { exception_ = std::current_exception(); }

    std::coroutine_handle<> continuation;

  protected:
    void rethrow() {
        if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
    }

  private:
    std::exception_ptr exception_;
};

template <class T>
class SubtaskPromise : public SubtaskPromiseBase {
  public:
    template <class U>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }
    T result() {
        rethrow();
        return std::move(*value_);
    }

  private:
    std::optional<T> value_;
};

template <>
class SubtaskPromise<void> : public SubtaskPromiseBase {
  public:
    void return_void() const noexcept {}
    void result() { rethrow(); }
};

}  // namespace detail

// Starts when awaited, once, by a Task or another Subtask; its exceptions come out of the co_await. It is
// destroyed with the one that awaits it, so it may take references to what lives there.
template <class T = void>
class [[nodiscard]] Subtask {
  public:
    struct promise_type : detail::SubtaskPromise<T> {
        Subtask get_return_object() noexcept {
            return Subtask(std::coroutine_handle<promise_type>::from_promise(*this));
        }
    };

    Subtask(Subtask&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
    Subtask(const Subtask&) = delete;
    Subtask& operator=(const Subtask&) = delete;
    Subtask& operator=(Subtask&&) = delete;
    ~Subtask() {
        if (coroutine_) coroutine_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
        coroutine_.promise().continuation = caller;
        return coroutine_;
    }
    T await_resume() { return coroutine_.promise().result(); }

  private:
    explicit Subtask(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

    std::coroutine_handle<promise_type> coroutine_;
};

}  // namespace parley
