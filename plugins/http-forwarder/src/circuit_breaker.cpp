#include "circuit_breaker.hpp"

#include <algorithm>

namespace forwarder {
namespace {

using Millis = CircuitBreaker::Millis;

constexpr int failures_that_open = 5;
constexpr Millis first_pause{1'000};
constexpr Millis longest_pause{30'000};
constexpr Millis longest_probe{30'000};  // a probe whose turn was taken away reports nothing
constexpr Millis behind_a_probe{250};

}  // namespace

Millis CircuitBreaker::ask(Millis now) {
    const std::lock_guard lock(mutex_);
    if (!is_open()) return Millis{0};
    if (now < open_until_) return open_until_ - now;
    if (is_probing_ && now < probe_ends_) return behind_a_probe;
    is_probing_ = true;
    probe_ends_ = now + longest_probe;
    return Millis{0};
}

void CircuitBreaker::answered() {
    const std::lock_guard lock(mutex_);
    failures_ = 0;
    last_conversation_.clear();
    pause_ = Millis{0};
    is_probing_ = false;
}

void CircuitBreaker::failed(Millis now, const std::string& conversation) {
    const std::lock_guard lock(mutex_);
    if (is_open()) {
        // Requests from before it opened say nothing new.
        if (!is_probing_) return;
        is_probing_ = false;
        pause_ = std::min(pause_ * 2, longest_pause);
        open_until_ = now + pause_;
        return;
    }
    if (conversation == last_conversation_) return;
    last_conversation_ = conversation;
    if (++failures_ < failures_that_open) return;
    pause_ = first_pause;
    open_until_ = now + pause_;
}

}  // namespace forwarder
