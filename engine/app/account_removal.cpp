#include "app/account_removal.hpp"

#include <future>

#include "base/log.hpp"

namespace parley {
namespace {

constexpr Millis look_every{50};
const DeadLetter buried{"its account was deleted", "what had not ended in time was given up"};

}  // namespace

void AccountRemoval::start(const DeploymentId& id, const PhoneNumberId& channel, bool deregister, Done done) {
    {
        const std::lock_guard lock(mutex_);
        leaving_.push_back({id, channel, deregister, std::move(done), ports_.clock.mono() + patience_});
    }
    ports_.wakeup.wake_at(MonoTime::min());
}

MonoTime AccountRemoval::step(MonoTime now) {
    const std::lock_guard lock(mutex_);
    if (leaving_.empty() || looking_) return MonoTime::max();
    if (now < next_look_) return next_look_;
    const auto one = leaving_.begin();
    looking_ = ports_.turns.post(one->id.str(), [this, one] { look(one); });
    return looking_ ? MonoTime::max() : now + look_every;
}

// Only one looks at a time, and nobody else takes one out of the list, so `one` stays.
void AccountRemoval::look(std::list<Leaving>::iterator one) {
    const auto left = ports_.records.backlog(one->channel);
    const bool is_late = ports_.clock.mono() >= one->until;
    const bool is_over = left && (is_late || (left->open.empty() && left->unsent.empty()));
    if (is_over) {
        AccountResult<RemovedAccount> removed = finish(*one, *left);
        if (!removed)
            log_error("account not deleted",
                      {{"account", one->id.str()}, {"reason", removed.error().message}});
        if (one->done) one->done(std::move(removed));
    }
    {
        const std::lock_guard lock(mutex_);
        if (is_over)
            leaving_.erase(one);
        else
            leaving_.splice(leaving_.end(), leaving_, one);  // another one's turn
        looking_ = false;
        next_look_ = is_over ? MonoTime{} : ports_.clock.mono() + look_every;
    }
    ports_.wakeup.wake_at(MonoTime::min());
}

AccountResult<RemovedAccount> AccountRemoval::finish(Leaving& one, const NumberBacklog& left) {
    RemovedAccount removed{one.id, left.open.size() + left.unsent.size(), {}};
    if (auto done = bury(one.channel, left); !done) return AccountFailure(done.error());
    if (one.deregister) removed.not_deregistered = ports_.deregister(one.id);
    if (auto done = ports_.take_away(one.id); !done) return AccountFailure(done.error());
    log_info("account deleted", {{"account", one.id.str()}, {"dead_letters", removed.dead_lettered}});
    return removed;
}

// What ends meanwhile by itself is refused by the store, and is all right so.
Result<> AccountRemoval::bury(const PhoneNumberId& channel, const NumberBacklog& left) {
    for (const NumberBacklog::Open& open : left.open) {
        TurnCommit turn;
        turn.seq = open.seq;
        turn.conversation = open.conversation;
        turn.state = InboundState::dead;
        turn.at = ports_.clock.wall();
        turn.dead_letter = buried;
        turn.channel = channel;
        auto written = std::make_shared<std::promise<Result<std::vector<OutboundId>>>>();
        ports_.store.commit_turn(std::move(turn),
                                 [written](auto ids) { written->set_value(std::move(ids)); });
        const auto ids = written->get_future().get();
        if (!ids && ids.error().code() != Errc::conflict) return ids.error();
    }
    for (const NumberBacklog::Unsent& unsent : left.unsent) {
        OutcomeRecord outcome;
        outcome.id = unsent.id;
        outcome.state = OutboundState::cancelled;
        outcome.at = ports_.clock.wall();
        outcome.dead_letter = buried;
        auto written = std::make_shared<std::promise<Result<OutboundState>>>();
        ports_.store.record_outcome(std::move(outcome),
                                    [written](auto state) { written->set_value(std::move(state)); });
        const auto state = written->get_future().get();
        if (!state) return state.error();
        Applied applied;
        applied.id = unsent.id;
        applied.conversation = unsent.conversation;
        applied.state = *state;
        applied.channel = channel;
        ports_.pump.settled(applied);
    }
    return {};
}

}  // namespace parley
