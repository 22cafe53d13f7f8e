#include "core/outbox_pump.hpp"

#include <algorithm>
#include <utility>

#include "core/message_log.hpp"
#include "core/outbox_counters.hpp"
#include "core/outbox_work.hpp"
#include "core/service_window.hpp"

namespace parley {
namespace {

constexpr Millis unwritable_pause{200};
constexpr Millis full_log_pause{50};
constexpr std::size_t least_window = 32;
constexpr std::int32_t window_closed_code = 131047;  // as Graph would say it
constexpr Millis sweep_interval{60'000};
// How much of a number's rate may leave at once after a pause. Meta measures by the second; a tenth stays
// well inside.
constexpr double burst_seconds = 0.1;

}  // namespace

OutboxPump::OutboxPump(OutboxOptions options, Ports ports)
    : options_(options),
      ports_(ports),
      counters_(std::make_unique<Counters>(ports.metrics)),
      window_(options.call_rate, least_window, options.max_in_flight),
      templates_(ports.clock, ports.random) {}

OutboxPump::~OutboxPump() = default;

void OutboxPump::enqueue(std::vector<OutboundMessage> messages) {
    Work work;
    {
        const std::lock_guard lock(mutex_);
        const MonoTime now = ports_.clock.mono();
        for (OutboundMessage& message : messages) {
            const ConversationId id = message.conversation;
            Lane& lane = lanes_[id];
            lane.queue.push_back({std::move(message), {}});
            ++size_;
            if (lane.state == LaneState::idle) advance(id, lane, now, work);
        }
        counters_->waiting.set(static_cast<double>(size_));
    }
    perform(std::move(work));
}

void OutboxPump::enqueue_watched(OutboundMessage message, SendWatcher watcher) {
    {
        const std::lock_guard lock(mutex_);
        watchers_.emplace(message.id, std::move(watcher));
    }
    std::vector<OutboundMessage> one;
    one.push_back(std::move(message));
    enqueue(std::move(one));
}

void OutboxPump::unwatch(OutboundId message) {
    const std::lock_guard lock(mutex_);
    watchers_.erase(message);
}

void OutboxPump::enqueue_in_doubt(OutboundMessage message, std::optional<WallTime> held_since) {
    Work work;
    {
        const std::lock_guard lock(mutex_);
        const ConversationId id = message.conversation;
        Lane& lane = lanes_[id];
        lane.queue.push_back({std::move(message), Doubt{held_since}});
        ++size_;
        if (lane.state == LaneState::idle) advance(id, lane, ports_.clock.mono(), work);
    }
    perform(std::move(work));
}

void OutboxPump::settled(const Applied& applied) {
    if (!is_settled(applied.state)) return;
    Work work;
    {
        const std::lock_guard lock(mutex_);
        if (applied.window_closed && applied.moved)
            invite(applied.conversation, applied.to, applied.channel, work);
        const auto found = lanes_.find(applied.conversation);
        if (found != lanes_.end()) settle(applied, found->second, work);
    }
    perform(std::move(work));
}

void OutboxPump::settle(const Applied& applied, Lane& lane, Work& work) {
    if (lane.queue.empty() || lane.queue.front().message.id != applied.id) {
        size_ -= std::erase_if(lane.queue, [&](const auto& each) { return each.message.id == applied.id; });
    } else if (lane.state == LaneState::calling || lane.state == LaneState::claimed) {
        lane.settled = true;
    } else if (lane.state != LaneState::recording) {
        if (lane.state == LaneState::held) counters_->settled.add();
        drop_front(applied.conversation, lane, ports_.clock.mono(), work);
    }
}

MonoTime OutboxPump::step(MonoTime now) {
    Work work;
    MonoTime next = MonoTime::max();
    {
        const std::lock_guard lock(mutex_);
        while (!due_.empty() && due_.begin()->first <= now) {
            const auto [when, id] = *due_.begin();
            due_.erase(due_.begin());
            const auto found = lanes_.find(id);
            if (found == lanes_.end() || found->second.due != when) continue;
            Lane& lane = found->second;
            if (lane.state == LaneState::held)
                hold_expired(id, lane, now, work);
            else if (lane.state == LaneState::waiting)
                advance(id, lane, now, work);
        }
        start_all_ready(now, work);
        if (now >= next_sweep_) forget_full_pairs(now);
        if (!due_.empty()) next = due_.begin()->first;
        for (auto& [channel, number] : numbers_)
            if (!number.ready.empty() && in_flight_ < window_.size())
                next = std::min(next, std::max(number.paused_until, number.bucket.ready_at(now)));
    }
    perform(std::move(work));
    return next;
}

std::size_t OutboxPump::size() const {
    const std::lock_guard lock(mutex_);
    return size_;
}

std::size_t OutboxPump::in_flight() const {
    const std::lock_guard lock(mutex_);
    return in_flight_;
}

std::string OutboxPump::trouble(const PhoneNumberId& channel) const {
    const std::lock_guard lock(mutex_);
    const auto found = numbers_.find(channel);
    return found == numbers_.end() ? std::string() : found->second.trouble;
}

void OutboxPump::stop_sending() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
}

void OutboxPump::advance(ConversationId id, Lane& lane, MonoTime now, Work& work) {
    lane.due = {};
    if (lane.queue.empty()) {
        lanes_.erase(id);
        return;
    }
    if (claims_.contains(lane.queue.front().message.id)) {
        lane.state = LaneState::claimed;
        lane.settled = false;
        return;
    }
    if (const auto doubt = std::exchange(lane.queue.front().doubt, {})) {
        if (doubt->held_since) return hold_again(id, lane, *doubt->held_since, now);
        return hold(id, lane, "the engine ended between call and record", now, work);
    }
    const OutboundMessage& front = lane.queue.front().message;
    const DeploymentPtr account = ports_.accounts.by_channel(front.channel);
    if (account) {
        TokenBucket& pair = pair_bucket(id, *account, now);
        const MonoTime ready = pair.ready_at(now);
        if (ready > now) return wait_until(id, lane, LaneState::waiting, ready);
    }
    Number& number = number_of(front.channel, now);
    lane.state = LaneState::ready;
    number.ready.push_back(id);
    start_ready(front.channel, number, now, work);
}

void OutboxPump::start_ready(const PhoneNumberId& channel, Number& number, MonoTime now, Work& work) {
    const DeploymentPtr account = ports_.accounts.by_channel(channel);
    while (!number.ready.empty() && !stopped_) {
        if (!account) return;  // the number's deployment is gone; its messages wait for it to come back
        if (in_flight_ >= window_.size()) return;
        if (number.paused_until > now) return ports_.wakeup.wake_at(number.paused_until);
        const double rate = account->pace.number_per_second;
        number.bucket.change(rate, std::max(1.0, rate * burst_seconds), now);
        if (!ports_.store.is_writable()) {
            number.paused_until = now + unwritable_pause;
            return ports_.wakeup.wake_at(number.paused_until);
        }
        if (must_ask(lanes_.at(number.ready.front()).queue.front())) {
            const ConversationId asking = number.ready.front();
            number.ready.pop_front();
            Lane& waiting = lanes_.at(asking);
            waiting.state = LaneState::asking;
            work.questions.push_back({asking, waiting.queue.front().message.id});
            continue;
        }
        if (!number.bucket.take(now)) return ports_.wakeup.wake_at(number.bucket.ready_at(now));
        const ConversationId id = number.ready.front();
        Lane& lane = lanes_.at(id);
        OutboundMessage& front = lane.queue.front().message;
        if (!ports_.inflight.note(front.id)) {
            number.bucket.give_back();
            number.paused_until = now + full_log_pause;
            return ports_.wakeup.wake_at(number.paused_until);
        }
        number.ready.pop_front();
        pair_bucket(id, *account, now).take(now);
        lane.state = LaneState::calling;
        lane.called = now;
        lane.settled = lane.refused_token = false;
        lane.token = number.tokens;
        ++in_flight_;
        ++front.tries;
        work.calls.push_back({front, account});
    }
}

// Whoever answers at once never asks: the message that is answered says when its sender wrote.
bool OutboxPump::must_ask(const Queued& front) const {
    return !front.any_window && is_window_closed(front.message.window_from, ports_.clock.wall());
}

void OutboxPump::start_all_ready(MonoTime now, Work& work) {
    for (auto& [channel, number] : numbers_)
        if (!number.ready.empty()) start_ready(channel, number, now, work);
}

void OutboxPump::wait_until(ConversationId id, Lane& lane, LaneState state, MonoTime due) {
    lane.state = state;
    lane.due = due;
    due_.emplace(due, id);
    ports_.wakeup.wake_at(due);
}

void OutboxPump::drop_front(ConversationId id, Lane& lane, MonoTime now, Work& work) {
    // A lane in its number's ready list must leave it with its message.
    if (lane.state == LaneState::ready)
        std::erase(number_of(lane.queue.front().message.channel, now).ready, id);
    lane.queue.pop_front();
    --size_;
    counters_->waiting.set(static_cast<double>(size_));
    lane.state = LaneState::idle;
    advance(id, lane, now, work);
}

TokenBucket& OutboxPump::pair_bucket(ConversationId id, const Deployment& account, MonoTime now) {
    const auto [entry, is_new] =
        pairs_.try_emplace(id, account.pace.pair_per_second, account.pace.pair_burst, now);
    if (!is_new) entry->second.change(account.pace.pair_per_second, account.pace.pair_burst, now);
    return entry->second;
}

OutboxPump::Number& OutboxPump::number_of(const PhoneNumberId& channel, MonoTime now) {
    const auto found = numbers_.find(channel);
    if (found != numbers_.end()) return found->second;
    const DeploymentPtr account = ports_.accounts.by_channel(channel);
    const double rate = account ? account->pace.number_per_second : 0;
    Number number{TokenBucket(rate, std::max(1.0, rate * burst_seconds), now), {}, {}, {}, {}};
    if (account) number.token = account->access_token;
    return numbers_.emplace(channel, std::move(number)).first->second;
}

void OutboxPump::forget_full_pairs(MonoTime now) {
    for (auto entry = pairs_.begin(); entry != pairs_.end();) {
        const bool idle = !lanes_.contains(entry->first) && entry->second.is_full(now);
        entry = idle ? pairs_.erase(entry) : std::next(entry);
    }
    templates_.forget_old();
    next_sweep_ = now + sweep_interval;
}

void OutboxPump::perform(Work work) {
    for (Record& record : work.records) {
        OutcomeRecord outcome = std::move(record.outcome);
        record.outcome = {.id = outcome.id};
        ports_.store.record_outcome(
            std::move(outcome), [this, rest = std::move(record)](
                                    const Result<OutboundState>& result) mutable { recorded(rest, result); });
    }
    for (NewOutbound& message : work.fresh) queue(std::move(message));
    for (const Question& question : work.questions)
        ports_.store.last_inbound(question.lane, [this, question](const Result<WallTime>& known) {
            window_known(question, known);
        });
    for (Call& call : work.calls) {
        const ConversationId id = call.message.conversation;
        ports_.sender.send(call.message, std::move(call.account),
                           [this, id](SendOutcome outcome) { answered(id, std::move(outcome)); });
    }
}

void OutboxPump::queue(NewOutbound message) {
    ports_.store.add_outbound(std::move(message), ports_.clock.wall(), [this](Result<OutboundMessage> made) {
        if (made) return enqueue({std::move(*made)});
        log_error("template not queued", {{"reason", made.error().message()}});
    });
}

void OutboxPump::recorded(Record& record, const Result<OutboundState>& result) {
    const OutboundId message = record.outcome.id;
    if (!result)
        log_error("outcome not recorded",
                  {{"message", message_name(message)}, {"reason", result.error().message()}});
    Work work;
    {
        const std::lock_guard lock(mutex_);
        // Only a durable outcome ends the doubt that the log of calls in flight keeps; a call that has begun since
        // is a doubt of its own.
        if (!is_being_called(record.lane, message)) ports_.inflight.clear(message);
        if (record.ends_front) drop_front(record.lane, lanes_.at(record.lane), ports_.clock.mono(), work);
    }
    --unrecorded_;
    perform(std::move(work));
    if (record.watcher) record.watcher(record.ending);
}

void OutboxPump::window_known(const Question& question, const Result<WallTime>& last_inbound) {
    Work work;
    {
        const std::lock_guard lock(mutex_);
        const auto found = lanes_.find(question.lane);
        if (found == lanes_.end()) return;
        Lane& lane = found->second;
        if (lane.state != LaneState::asking || lane.queue.front().message.id != question.message) return;
        const MonoTime now = ports_.clock.mono();
        const WallTime wall = ports_.clock.wall();
        Queued& front = lane.queue.front();
        if (!last_inbound) return wait_until(question.lane, lane, LaneState::waiting, now + unwritable_pause);
        front.message.window_from = *last_inbound;
        front.any_window = *last_inbound == WallTime{} || !ports_.sender.needs_window(front.message);
        if (must_ask(front)) {
            const auto hours = std::chrono::duration_cast<std::chrono::hours>(wall - *last_inbound).count();
            invite(question.lane, front.message.to, front.message.channel, work);
            expire(question.lane, lane, window_closed_code,
                   "the user wrote last " + std::to_string(hours) +
                       " hours ago; after 24 hours WhatsApp takes only templates",
                   work);
        } else {
            lane.state = LaneState::idle;
            advance(question.lane, lane, now, work);
        }
    }
    perform(std::move(work));
}

bool OutboxPump::is_being_called(ConversationId id, OutboundId message) const {
    const auto found = lanes_.find(id);
    return found != lanes_.end() && found->second.state == LaneState::calling &&
           found->second.queue.front().message.id == message;
}

}  // namespace parley
