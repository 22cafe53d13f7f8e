// Whether an agent's work happens on the threads that the contract allows.
#pragma once

#include <atomic>
#include <string>

#include <parley/ext/thread-check.h>
#include <parley/sdk/extension.hpp>
#include <parley/sdk/text.hpp>

namespace parley {

// How much the SDK watches its agent: struct Hello : parley::Agent<Hello> { static constexpr auto check =
// parley::Check::maximal; … };
enum class Check {
    none,
    maximal,  // a turn that is used, or ended, outside of the host's calls is reported as misbehaviour: a coroutine went
    // on on a thread of its own, where nothing keeps the host from taking its turn away meanwhile
};

class ThreadCheck {
  public:
    void attach(const parley_host& host, Check level) noexcept {
        host_ = &host;
        check_ = find_extension(host, PARLEY_EXT_THREAD_CHECK, &parley_thread_check::is_agent);
        is_on_ = level == Check::maximal && check_;
    }

    // True too where the host cannot tell.
    bool in_agent() const noexcept { return !check_ || check_->is_agent(host_->ctx) != 0; }

    void expect_agent(parley_turn turn, const char* what) const noexcept {
        if (is_on_ && !in_agent()) complain(turn, what);
    }

  private:
    void complain(parley_turn turn, const char* what) const noexcept {
        if (last_.exchange(turn) == turn) return;  // once a turn is enough
        try {
            const std::string text =
                std::string(what) + " outside of a call of the host: resume it through the host";
            host_->log(host_->ctx, PARLEY_LOG_PLUGIN_MISBEHAVING, turn, str(text), {});
        } catch (...) {
            return;  // no memory for words
        }
    }

    const parley_host* host_ = nullptr;
    const parley_thread_check* check_ = nullptr;
    bool is_on_ = false;
    mutable std::atomic<parley_turn> last_{0};  // that was complained about
};

}  // namespace parley
