#include "core/outbox_pump.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace parley {
namespace {

constexpr Millis unwritable_pause{200};
constexpr Millis full_log_pause{50};
constexpr std::size_t least_window = 32;
constexpr Millis sweep_interval{60'000};
// How much of a number's rate may leave at once after a pause. Meta measures by the second; a tenth stays
// well inside.
constexpr double burst_seconds = 0.1;

}  // namespace

struct OutboxPump::Counters {
    explicit Counters(Metrics& m)
        : sent(m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "sent"}})),
          retried(m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "retry"}})),
          rejected(
              m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "rejected"}})),
          unknown(
              m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "unknown"}})),
          resent(m.counter("parley_sends_in_doubt_total", "Held messages by how they were settled",
                           {{"by", "resend"}})),
          settled(m.counter("parley_sends_in_doubt_total", "Held messages by how they were settled",
                            {{"by", "status"}})),
          left(m.counter("parley_sends_in_doubt_total", "Held messages by how they were settled",
                         {{"by", "nobody"}})),
          waiting(m.gauge("parley_outbox_messages", "Messages in memory that wait to be sent")) {}
    Counter &sent, &retried, &rejected, &unknown, &resent, &settled, &left;
    Gauge& waiting;
};

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
    } else if (lane.state == LaneState::calling) {
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
        if (!ports_.store.is_writable()) {
            number.paused_until = now + unwritable_pause;
            return ports_.wakeup.wake_at(number.paused_until);
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
        lane.settled = false;
        ++in_flight_;
        ++front.tries;
        work.calls.push_back({front, account});
    }
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

void OutboxPump::hold_expired(ConversationId id, Lane& lane, MonoTime now, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    const DeploymentPtr account = ports_.accounts.by_channel(front.channel);
    if (account && account->unknown_sends.then == UnknownSends::Then::resend) {
        counters_->resent.add();
        log_info("held message is sent again",
                 {{"deployment", account->id.str()}, {"message", to_int(front.id)}});
        lane.state = LaneState::idle;
        return advance(id, lane, now, work);
    }
    counters_->left.add();
    log_warning("held message stays held", {{"message", to_int(front.id)}});
    drop_front(id, lane, now, work);
}

void OutboxPump::retry(ConversationId id, Lane& lane, const RetryLater& later, MonoTime now, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    const bool refused = later.code != 0 && later.scope == Scope::message;
    const bool too_old = ports_.clock.wall() - front.created_at > options_.give_up_after;
    if (too_old || (refused && front.tries >= options_.max_refusals))
        return reject(id, lane, Rejected{'R', later.code, later.reason}, work);
    counters_->retried.add();
    const Millis after =
        later.after.count() > 0 ? later.after : options_.backoff.delay(front.tries, ports_.random);
    if (later.scope != Scope::message && later.scope != Scope::recipient) {
        Number& number = number_of(front.channel, now);
        number.paused_until = now + after;
        number.trouble = later.reason;
    }
    log_info("send will be tried again", {{"message", to_int(front.id)},
                                          {"code", later.code},
                                          {"ms", after.count()},
                                          {"reason", later.reason}});
    record(id, front, OutboundState::queued, {.error_code = later.code, .error_text = later.reason}, work);
    wait_until(id, lane, LaneState::waiting, now + after);
}

void OutboxPump::reject(ConversationId id, Lane& lane, const Rejected& rejected, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    counters_->rejected.add();
    log_warning("message not sent",
                {{"message", to_int(front.id)}, {"code", rejected.code}, {"reason", rejected.reason}});
    if (rejected.error_class == 'W') invite(id, front.to, front.channel, work);
    end_front(id, lane, OutboundState::failed,
              {.error_code = rejected.code,
               .error_text = rejected.reason,
               .dead_letter = DeadLetter{"Graph refused the message", rejected.reason}},
              work);
}

void OutboxPump::invite(ConversationId id, const Recipient& to, const PhoneNumberId& channel, Work& work) {
    const DeploymentPtr account = ports_.accounts.by_channel(channel);
    if (!account) return;
    auto message = templates_.instead(id, to, *account);
    if (!message) return;
    log_info("the 24 h window is closed: a template is sent instead", {{"deployment", account->id.str()}});
    work.fresh.push_back(std::move(*message));
}

void OutboxPump::hold(ConversationId id, Lane& lane, std::string reason, MonoTime now, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    const DeploymentPtr account = ports_.accounts.by_channel(front.channel);
    const Millis wait = account ? account->unknown_sends.wait : UnknownSends{}.wait;
    log_warning("message held: unknown whether it was sent",
                {{"message", to_int(front.id)}, {"reason", reason}});
    record(id, front, OutboundState::held, {.error_text = std::move(reason)}, work);
    wait_until(id, lane, LaneState::held, now + wait);
}

// Before it is sent again, statuses that Meta kept while the engine was away get the whole wait to arrive. One that
// stays held need not keep its lane waiting for more than is left.
void OutboxPump::hold_again(ConversationId id, Lane& lane, WallTime since, MonoTime now) {
    const DeploymentPtr account = ports_.accounts.by_channel(lane.queue.front().message.channel);
    const UnknownSends rule = account ? account->unknown_sends : UnknownSends{};
    const auto held = std::chrono::duration_cast<Millis>(ports_.clock.wall() - since);
    const bool resend = rule.then == UnknownSends::Then::resend;
    wait_until(id, lane, LaneState::held,
               now + (resend ? rule.wait : std::clamp(rule.wait - held, Millis{0}, rule.wait)));
}

void OutboxPump::record(ConversationId lane, const OutboundMessage& message, OutboundState state,
                        OutcomeRecord extra, Work& work) {
    extra.id = message.id;
    extra.state = state;
    extra.at = ports_.clock.wall();
    extra.tries = message.tries;
    ++unrecorded_;
    work.records.push_back({std::move(extra), lane, false});
}

void OutboxPump::end_front(ConversationId id, Lane& lane, OutboundState state, OutcomeRecord extra,
                           Work& work) {
    record(id, lane.queue.front().message, state, std::move(extra), work);
    work.records.back().ends_front = true;
    lane.state = LaneState::recording;
}

TokenBucket& OutboxPump::pair_bucket(ConversationId id, const Deployment& account, MonoTime now) {
    return pairs_.try_emplace(id, account.pace.pair_per_second, account.pace.pair_burst, now).first->second;
}

OutboxPump::Number& OutboxPump::number_of(const PhoneNumberId& channel, MonoTime now) {
    const auto found = numbers_.find(channel);
    if (found != numbers_.end()) return found->second;
    const DeploymentPtr account = ports_.accounts.by_channel(channel);
    const double rate = account ? account->pace.number_per_second : 0;
    return numbers_
        .emplace(channel, Number{TokenBucket(rate, std::max(1.0, rate * burst_seconds), now), {}, {}})
        .first->second;
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
        const Record rest{{.id = outcome.id}, record.lane, record.ends_front};
        ports_.store.record_outcome(std::move(outcome), [this, rest](const Result<OutboundState>& result) {
            recorded(rest, result);
        });
    }
    for (NewOutbound& message : work.fresh) queue(std::move(message));
    for (Call& call : work.calls) {
        const ConversationId id = call.message.conversation;
        ports_.sender.send(call.message, std::move(call.account),
                           [this, id](SendOutcome outcome) { answered(id, std::move(outcome)); });
    }
}

void OutboxPump::queue(NewOutbound message) {
    ports_.store.add_outbound(std::move(message), ports_.clock.wall(), [this](Result<OutboundMessage> made) {
        if (made) return enqueue({std::move(*made)});
        log_error("message not queued", {{"reason", made.error().message()}});
    });
}

void OutboxPump::recorded(const Record& record, const Result<OutboundState>& result) {
    const OutboundId message = record.outcome.id;
    if (!result)
        log_error("outcome not recorded",
                  {{"message", to_int(message)}, {"reason", result.error().message()}});
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
}

bool OutboxPump::is_being_called(ConversationId id, OutboundId message) const {
    const auto found = lanes_.find(id);
    return found != lanes_.end() && found->second.state == LaneState::calling &&
           found->second.queue.front().message.id == message;
}

void OutboxPump::answered(ConversationId id, SendOutcome outcome) {
    Work work;
    {
        const std::lock_guard lock(mutex_);
        --in_flight_;
        const MonoTime now = ports_.clock.mono();
        Lane& lane = lanes_.at(id);  // a lane that is calling is never removed
        window_.ended(now - lane.called);
        const OutboundMessage& front = lane.queue.front().message;
        if (const auto* sent = std::get_if<Sent>(&outcome)) {
            counters_->sent.add();
            number_of(front.channel, now).trouble.clear();
            end_front(id, lane, OutboundState::sent, {.wamid = sent->wamid}, work);
        } else if (lane.settled) {
            // Its status came before the call ended without a good answer: it was sent.
            counters_->settled.add();
            end_front(id, lane, OutboundState::sent, {}, work);
        } else if (const auto* later = std::get_if<RetryLater>(&outcome)) {
            retry(id, lane, *later, now, work);
        } else if (const auto* rejected = std::get_if<Rejected>(&outcome)) {
            if (rejected->error_class == 'T') {
                log_error("Graph refuses the access token",
                          {{"channel", front.channel.str()}, {"reason", rejected->reason}});
                retry(id, lane, {options_.token_pause, Scope::account, rejected->code, rejected->reason}, now,
                      work);
            } else {
                reject(id, lane, *rejected, work);
            }
        } else {
            counters_->unknown.add();
            hold(id, lane, std::get<Unknown>(outcome).reason, now, work);
        }
        start_all_ready(now, work);
    }
    perform(std::move(work));
}

}  // namespace parley
