#include "core/followups.hpp"

#include <algorithm>

#include "core/message_log.hpp"

namespace parley {
namespace {

constexpr Millis after_refusal{1000};
// The wall clock may be set, and the machine may sleep: both move what is due against the monotonic time.
constexpr std::chrono::seconds look_again{30};

}  // namespace

void Followups::committed(WallTime due) {
    MonoTime wake = MonoTime::max();
    {
        const std::lock_guard lock(mutex_);
        committed_ = std::min(committed_, due);
        if (due >= next_) return;
        next_ = due;
        wake = to_mono(due, ports_.clock.mono());
    }
    ports_.wakeup.wake_at(wake);
}

void Followups::accounts_changed() {
    {
        const std::lock_guard lock(mutex_);
        next_ = WallTime::min();
        changed_ = asking_;
    }
    ports_.wakeup.wake_at(MonoTime::min());
}

WallTime Followups::next() const {
    const std::lock_guard lock(mutex_);
    return next_;
}

bool Followups::is_asking() const {
    const std::lock_guard lock(mutex_);
    return asking_;
}

MonoTime Followups::to_mono(WallTime due, MonoTime now) const {
    if (due == WallTime::max()) return MonoTime::max();
    const WallTime wall = ports_.clock.wall();
    if (due <= wall) return std::max(now, not_before_);
    return std::max(now + std::min<Millis>(due - wall, look_again), not_before_);
}

MonoTime Followups::step(MonoTime now) {
    {
        const std::lock_guard lock(mutex_);
        if (asking_) return MonoTime::max();  // the answer asks for the next step itself
        if (next_ > ports_.clock.wall() || not_before_ > now) return to_mono(next_, now);
        asking_ = true;
        committed_ = WallTime::max();
    }
    FollowupCall call;
    call.now = ports_.clock.wall();
    for (const DeploymentPtr& deployment : ports_.accounts.all())
        call.channels.push_back(deployment->channel);
    ports_.store.fire_followups(std::move(call),
                                [this](Result<FiredFollowups> fired) { answered(std::move(fired)); });
    return MonoTime::max();
}

void Followups::answered(Result<FiredFollowups> fired) {
    std::vector<QueuedMessage> messages;
    if (fired) {
        if (fired->outside_window > 0)
            log_info("follow-ups dropped",
                     {{"count", fired->outside_window}, {"reason", "the service window is closed"}});
        for (OpenMessage& open : fired->messages) {
            const ItemSeq seq = open.seq;
            auto message = ports_.read(std::move(open));
            if (message)
                messages.push_back(std::move(*message));
            else
                log_error("stored message set aside",
                          {{"message", message_name(seq)}, {"reason", message.error().message()}});
        }
        if (!messages.empty()) ports_.sink.arrived(std::move(messages));
    } else if (fired.error().code() != Errc::unavailable && fired.error().code() != Errc::busy) {
        log_error("follow-ups cannot be fired", {{"reason", fired.error().message()}});
    }
    MonoTime wake{};
    {
        const std::lock_guard lock(mutex_);
        asking_ = false;
        not_before_ = fired ? MonoTime::min() : ports_.clock.mono() + after_refusal;
        if (fired && !std::exchange(changed_, false)) next_ = std::min(fired->next, committed_);
        wake = to_mono(next_, ports_.clock.mono());
    }
    ports_.wakeup.wake_at(wake);
}

}  // namespace parley
