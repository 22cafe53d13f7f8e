// What the turns of one agent instance share: the host, its extensions, and the coroutines that are not
// finished.
#pragma once

#include <coroutine>
#include <mutex>

#include <parley/ext/followup.h>
#include <parley/ext/http.h>
#include <parley/ext/media.h>
#include <parley/ext/postpone.h>
#include <parley/ext/timer.h>
#include <parley/sdk/operations.hpp>
#include <parley/sdk/thread_check.hpp>

namespace parley {

// The coroutine that answers one turn. A link in the list of its instance, from its creation to its end.
struct Frame {
    parley_turn turn = 0;
    std::coroutine_handle<> coroutine;
    Frame* previous = nullptr;
    Frame* next = nullptr;
    bool linked = false;
};

// The frames of one instance. None may outlive the library that holds its code, so whoever takes a turn away
// or ends the instance destroys them here. Calls about one turn are serial; the lock is as in Operations.
class Frames {
  public:
    void link(Frame& frame) noexcept {
        const std::lock_guard lock(mutex_);
        frame.next = first_;
        if (first_) first_->previous = &frame;
        first_ = &frame;
        frame.linked = true;
    }

    void unlink(Frame& frame) noexcept {
        const std::lock_guard lock(mutex_);
        if (frame.linked) take_out(frame);
    }

    // Destroys the suspended coroutine of `turn`, if there is one.
    void abandon(parley_turn turn) noexcept {
        if (Frame* frame = take(turn)) frame->coroutine.destroy();
    }

    void abandon_all() noexcept {
        while (Frame* frame = take(0)) frame->coroutine.destroy();
    }

  private:
    Frame* take(parley_turn turn_or_any) noexcept {
        const std::lock_guard lock(mutex_);
        for (Frame* frame = first_; frame; frame = frame->next) {
            if (turn_or_any != 0 && frame->turn != turn_or_any) continue;
            take_out(*frame);
            return frame;
        }
        return nullptr;
    }

    void take_out(Frame& frame) noexcept {
        (frame.previous ? frame.previous->next : first_) = frame.next;
        if (frame.next) frame.next->previous = frame.previous;
        frame.linked = false;
    }

    std::mutex mutex_;
    Frame* first_ = nullptr;
};

struct Instance {
    const parley_host* host = nullptr;
    const parley_http* http = nullptr;          // NULL when the host does not offer it
    const parley_timer* timer = nullptr;        // likewise
    const parley_media* media = nullptr;        // likewise
    const parley_postpone* postpone = nullptr;  // likewise
    const parley_followup* followup = nullptr;  // likewise
    ThreadCheck threads;
    Operations operations;
    Frames frames;

    // For what a turn does itself.
    const parley_host& host_for(parley_turn turn) const noexcept {
        threads.expect_agent(turn, "a turn was used");
        return *host;
    }

    void attach(const parley_host* to, Check check = Check::none) noexcept {
        host = to;
        threads.attach(*to, check);
        http = static_cast<const parley_http*>(host->get_extension(host->ctx, PARLEY_EXT_HTTP));
        if (http && !PARLEY_HAS(http, cancel)) http = nullptr;
        timer = static_cast<const parley_timer*>(host->get_extension(host->ctx, PARLEY_EXT_TIMER));
        if (timer && !PARLEY_HAS(timer, cancel)) timer = nullptr;
        media = static_cast<const parley_media*>(host->get_extension(host->ctx, PARLEY_EXT_MEDIA));
        if (media && !PARLEY_HAS(media, cancel)) media = nullptr;
        postpone = static_cast<const parley_postpone*>(host->get_extension(host->ctx, PARLEY_EXT_POSTPONE));
        if (postpone && !PARLEY_HAS(postpone, postpone)) postpone = nullptr;
        followup = static_cast<const parley_followup*>(host->get_extension(host->ctx, PARLEY_EXT_FOLLOWUP));
        if (followup && !PARLEY_HAS(followup, cancel)) followup = nullptr;
    }
};

}  // namespace parley
