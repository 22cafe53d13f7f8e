// OutboxPump when a person decides about a message that waits, or of which nobody knows whether it was sent.
#include <algorithm>
#include <utility>

#include "core/outbox_counters.hpp"
#include "core/outbox_work.hpp"

namespace parley {

std::unordered_map<ConversationId, OutboxLane>::iterator OutboxPump::lane_with(OutboundId message) {
    return std::find_if(lanes_.begin(), lanes_.end(), [&](const auto& each) {
        const auto& queue = each.second.queue;
        return std::any_of(queue.begin(), queue.end(),
                           [&](const Queued& one) { return one.message.id == message; });
    });
}

bool OutboxPump::claim(OutboundId message) {
    const std::lock_guard lock(mutex_);
    if (claims_.contains(message)) return false;
    const auto found = lane_with(message);
    if (found != lanes_.end() && found->second.queue.front().message.id == message) {
        Lane& lane = found->second;
        if (lane.state == LaneState::calling || lane.state == LaneState::recording) return false;
        if (lane.state == LaneState::ready)
            std::erase(number_of(lane.queue.front().message.channel, ports_.clock.mono()).ready,
                       found->first);
        lane.was_held = lane.state == LaneState::held;
        lane.settled = false;
        lane.state = LaneState::claimed;
    }
    claims_.insert(message);
    return true;
}

void OutboxPump::release(const OutboundMessage& message, HandDecision decision) {
    Work work;
    SendWatcher watcher;
    {
        const std::lock_guard lock(mutex_);
        claims_.erase(message.id);
        const auto found = lane_with(message.id);
        if (found == lanes_.end()) {
            if (decision == HandDecision::send) {
                Lane& lane = lanes_[message.conversation];
                lane.queue.push_back({message, {}});
                ++size_;
                if (lane.state == LaneState::idle)
                    advance(message.conversation, lane, ports_.clock.mono(), work);
            }
        } else if (found->second.queue.front().message.id == message.id) {
            release_front(found->first, found->second, message, decision, work);
        } else if (decision == HandDecision::cancelled) {
            size_ -= std::erase_if(found->second.queue,
                                   [&](const Queued& one) { return one.message.id == message.id; });
        } else if (decision == HandDecision::send) {
            for (Queued& one : found->second.queue)
                if (one.message.id == message.id) one.doubt.reset();
        }
        if (const auto told = watchers_.find(message.id);
            decision == HandDecision::cancelled && told != watchers_.end()) {
            watcher = std::move(told->second);
            watchers_.erase(told);
        }
        counters_->waiting.set(static_cast<double>(size_));
    }
    perform(std::move(work));
    if (watcher) watcher({OutboundState::cancelled, {}, 0, "a person cancelled it", 0, {}});
}

void OutboxPump::release_front(ConversationId id, Lane& lane, const OutboundMessage& message,
                               HandDecision decision, Work& work) {
    const MonoTime now = ports_.clock.mono();
    const bool was_held = std::exchange(lane.was_held, false);
    if (was_held && lane.settled)
        counters_->settled.add();
    else if (was_held && decision != HandDecision::nothing)
        counters_->by_hand.add();
    if (lane.settled || decision == HandDecision::cancelled) return drop_front(id, lane, now, work);
    if (decision == HandDecision::nothing && was_held) return wait_until(id, lane, LaneState::held, lane.due);
    if (decision == HandDecision::send) {
        lane.queue.front().doubt.reset();
        lane.queue.front().message.created_at = message.created_at;
    }
    lane.state = LaneState::idle;
    advance(id, lane, now, work);
}

}  // namespace parley
