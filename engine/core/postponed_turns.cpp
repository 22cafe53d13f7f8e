// Turns at a later time: the part of Dispatcher that lets a conversation wait without a turn, and commits follow-ups.
#include "core/dispatcher.hpp"

namespace parley {

std::size_t Dispatcher::pressing() const {
    const std::lock_guard lock(mutex_);
    return size_ - apart_;
}

void Dispatcher::postpone(ConversationId id, Millis wait) {
    std::vector<Start> starts;
    std::shared_ptr<Agent> agent;  // released after the lock
    TurnPtr turn;
    {
        const std::lock_guard lock(mutex_);
        Lane& lane = lanes_.at(id);
        deadlines_.erase({lane.deadline, id});
        turn = std::exchange(lane.turn, nullptr);
        agent = std::exchange(lane.agent, nullptr);
        const TurnEvent& event = turn->event();
        lane.waiting.push_front({event.seq,
                                 id,
                                 event.deployment,
                                 event.message,
                                 event.canonical_json,
                                 {},
                                 event.received_at,
                                 event.attempt,
                                 event.trace_id,
                                 {}});
        lane.postponed = lane.is_again = true;
        apart_ += lane.waiting.size();
        const MonoTime due = ports_.clock.mono() + wait;
        postponed_.emplace(due, id);
        ports_.wakeup.wake_at(due);
        --open_turns_;
        if (Hosted* const hosted = std::exchange(lane.hosted, nullptr)) {
            --hosted->open_turns;
            begin_line(*hosted, starts);
        }
    }
    begin(std::move(starts));
}

void Dispatcher::begin_due(MonoTime now, std::vector<Start>& starts) {
    while (!postponed_.empty() && postponed_.begin()->first <= now) {
        const ConversationId id = postponed_.begin()->second;
        postponed_.erase(postponed_.begin());
        Lane& lane = lanes_.at(id);  // it has a message, so it stays
        lane.postponed = false;
        apart_ -= lane.waiting.size();
        begin_next(id, lane, starts);
    }
}

void Dispatcher::add_followups(TurnCommit& commit, const TurnEvent& event,
                               std::vector<FollowupOrder> orders) {
    commit.followups = std::move(orders);
    commit.channel = event.deployment->channel;
    commit.person = event.message.from;
    const std::lock_guard lock(mutex_);
    for (const QueuedMessage& next : lanes_.at(event.conversation).waiting)
        commit.has_written_again =
            commit.has_written_again || (next.message.kind == EventKind::message && !next.message.is_note);
}

}  // namespace parley
