// How the sending of a message ends, or goes on later: the part of OutboxPump that judges answers.
#include <algorithm>
#include <utility>

#include "core/message_log.hpp"
#include "core/outbox_counters.hpp"
#include "core/outbox_work.hpp"

namespace parley {

void OutboxPump::hold_expired(ConversationId id, Lane& lane, MonoTime now, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    const DeploymentPtr account = ports_.accounts.by_channel(front.channel);
    if (account && account->unknown_sends.then == UnknownSends::Then::resend) {
        counters_->resent.add();
        log_about(LogLevel::info, "held message is sent again", front, account);
        lane.state = LaneState::idle;
        return advance(id, lane, now, work);
    }
    counters_->left.add();
    log_about(LogLevel::warning, "held message stays held", front, account);
    drop_front(id, lane, now, work);
}

void OutboxPump::retry(ConversationId id, Lane& lane, const RetryLater& later, MonoTime now, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    const bool refused = later.code != 0 && later.scope == Scope::message;
    const bool too_old = ports_.clock.wall() - front.created_at > options_.give_up_after;
    if (too_old) return expire(id, lane, later.code, "no answer for a day: " + later.reason, work);
    if (refused && front.tries >= options_.max_refusals)
        return reject(id, lane, Rejected{'R', later.code, later.reason}, work);
    counters_->retried.add();
    const Millis after =
        later.after.count() > 0 ? later.after : options_.backoff.delay(front.tries, ports_.random);
    if (later.scope != Scope::message && later.scope != Scope::recipient) {
        Number& number = number_of(front.channel, now);
        number.paused_until = now + after;
        number.trouble = later.reason;
    }
    log_about(
        LogLevel::info, "send will be tried again", front, ports_.accounts.by_channel(front.channel),
        {{"attempt", front.tries}, {"code", later.code}, {"ms", after.count()}, {"reason", later.reason}});
    record(id, front, OutboundState::queued, {.error_code = later.code, .error_text = later.reason}, work);
    wait_until(id, lane, LaneState::waiting, now + after);
}

void OutboxPump::reject(ConversationId id, Lane& lane, const Rejected& rejected, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    counters_->rejected.add();
    log_about(LogLevel::warning, "message not sent", front, ports_.accounts.by_channel(front.channel),
              {{"attempt", front.tries}, {"code", rejected.code}, {"reason", rejected.reason}});
    if (rejected.error_class == 'W') invite(id, front.to, front.channel, work);
    end_front(id, lane, OutboundState::failed,
              {.error_code = rejected.code,
               .error_text = rejected.reason,
               .dead_letter = DeadLetter{"Graph refused the message", rejected.reason}},
              work);
    work.records.back().ending.status = rejected.status;
    work.records.back().ending.answer = rejected.answer;
}

void OutboxPump::expire(ConversationId id, Lane& lane, std::int32_t code, std::string reason, Work& work) {
    counters_->expired.add();
    const OutboundMessage& front = lane.queue.front().message;
    log_about(LogLevel::warning, "message expired", front, ports_.accounts.by_channel(front.channel),
              {{"reason", reason}});
    DeadLetter letter{"the message could not be sent in time", reason};
    end_front(id, lane, OutboundState::expired,
              {.error_code = code, .error_text = std::move(reason), .dead_letter = std::move(letter)}, work);
}

void OutboxPump::invite(ConversationId id, const Recipient& to, const PhoneNumberId& channel, Work& work) {
    const DeploymentPtr account = ports_.accounts.by_channel(channel);
    if (!account) return;
    auto message = templates_.instead(id, to, *account);
    if (!message) return;
    log_info("the 24 h window is closed: a template is sent instead",
             {{"deployment", account->id.str()}, {"conversation", to_int(id)}});
    work.fresh.push_back(std::move(*message));
}

void OutboxPump::hold(ConversationId id, Lane& lane, std::string reason, MonoTime now, Work& work) {
    const OutboundMessage& front = lane.queue.front().message;
    const DeploymentPtr account = ports_.accounts.by_channel(front.channel);
    const Millis wait = account ? account->unknown_sends.wait : UnknownSends{}.wait;
    log_about(LogLevel::warning, "message held: unknown whether it was sent", front, account,
              {{"attempt", front.tries}, {"reason", reason}});
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
    work.records.push_back({std::move(extra), lane, false, {}, {}});
}

void OutboxPump::end_front(ConversationId id, Lane& lane, OutboundState state, OutcomeRecord extra,
                           Work& work) {
    record(id, lane.queue.front().message, state, std::move(extra), work);
    work.records.back().ends_front = true;
    tell(lane.queue.front().message.id, work.records.back());
    lane.state = LaneState::recording;
}

void OutboxPump::tell(OutboundId message, Record& record) {
    const auto found = watchers_.find(message);
    if (found == watchers_.end()) return;
    const OutcomeRecord& outcome = record.outcome;
    record.ending = {outcome.state, outcome.wamid, outcome.error_code, outcome.error_text, 0, {}};
    record.watcher = std::move(found->second);
    watchers_.erase(found);
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
            log_about(LogLevel::debug, "message sent", front, ports_.accounts.by_channel(front.channel),
                      {{"attempt", front.tries}, {"wamid", sent->wamid.str()}});
            Number& number = number_of(front.channel, now);
            number.trouble.clear();
            number.refused_token = false;
            if (sent->pause.count() > 0) {
                number.paused_until = std::max(number.paused_until, now + sent->pause);
                number.trouble = "Graph asks for a pause: the account's call limit is used up";
                log_warning("sends pause", {{"channel", front.channel.str()}, {"ms", sent->pause.count()}});
            }
            end_front(id, lane, OutboundState::sent, {.wamid = sent->wamid}, work);
        } else if (lane.settled) {
            // Its status came before the call ended without a good answer: it was sent.
            counters_->settled.add();
            end_front(id, lane, OutboundState::sent, {}, work);
        } else if (const auto* later = std::get_if<RetryLater>(&outcome)) {
            retry(id, lane, *later, now, work);
        } else if (const auto* rejected = std::get_if<Rejected>(&outcome)) {
            if (rejected->error_class == 'T') {
                refuse_token(id, lane, *rejected, now, work);
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
