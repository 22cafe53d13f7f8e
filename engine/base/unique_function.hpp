// UniqueFunction<R(Args...)>: a callable that may own move-only things; called at most as often as its target
// allows. std::function cannot hold them and std::move_only_function is C++23.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace parley {

template <class Signature>
class UniqueFunction;

template <class R, class... Args>
class UniqueFunction<R(Args...)> {
  public:
    UniqueFunction() = default;
    UniqueFunction(std::nullptr_t) {}

    template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, UniqueFunction> && std::is_invocable_r_v<R, F&, Args...>)
        UniqueFunction(F&& f)
        : target_(std::make_unique<Target<std::remove_cvref_t<F>>>(std::forward<F>(f))) {}

    explicit operator bool() const noexcept { return target_ != nullptr; }

    R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }

  private:
    struct Base {
        virtual ~Base() = default;
        virtual R call(Args... args) = 0;
    };
    template <class F>
    struct Target final : Base {
        explicit Target(F f) : function(std::move(f)) {}
        R call(Args... args) override { return function(std::forward<Args>(args)...); }
        F function;
    };
    std::unique_ptr<Base> target_;
};

// Runs once, when the asynchronous step it was given to is over. Ports say on which thread.
template <class T>
using Completion = UniqueFunction<void(T)>;

}  // namespace parley
