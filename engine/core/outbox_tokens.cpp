// OutboxPump when Graph refuses the access token of a number, and when the number gets another one.
#include <utility>

#include "base/log.hpp"
#include "core/outbox_work.hpp"

namespace parley {

void OutboxPump::accounts_changed() {
    Work work;
    {
        const std::lock_guard lock(mutex_);
        const MonoTime now = ports_.clock.mono();
        for (auto& [channel, number] : numbers_) {
            const DeploymentPtr account = ports_.accounts.by_channel(channel);
            if (!account || number.token.equals(account->access_token.reveal())) continue;
            number.token = account->access_token;
            ++number.tokens;
            if (std::exchange(number.refused_token, false)) resume(channel, number, now, work);
        }
    }
    perform(std::move(work));
}

void OutboxPump::resume(const PhoneNumberId& channel, Number& number, MonoTime now, Work& work) {
    log_info("the access token is another one: sending again", {{"channel", channel.str()}});
    number.paused_until = {};
    number.trouble.clear();
    std::vector<ConversationId> waiting;
    for (auto& [id, lane] : lanes_)
        if (lane.state == LaneState::waiting && lane.refused_token && !lane.queue.empty() &&
            lane.queue.front().message.channel == channel)
            waiting.push_back(id);
    for (const ConversationId id : waiting) {
        Lane& lane = lanes_.at(id);
        lane.state = LaneState::idle;
        advance(id, lane, now, work);
    }
    start_ready(channel, number, now, work);
}

void OutboxPump::refuse_token(ConversationId id, Lane& lane, const Rejected& rejected, MonoTime now,
                              Work& work) {
    const PhoneNumberId channel = lane.queue.front().message.channel;
    Number& number = number_of(channel, now);
    if (lane.token != number.tokens)  // it was called before the token changed
        return retry(id, lane, {Millis{1}, Scope::recipient, rejected.code, rejected.reason}, now, work);
    log_error("Graph refuses the access token", {{"channel", channel.str()}, {"reason", rejected.reason}});
    number.refused_token = lane.refused_token = true;
    retry(id, lane, {options_.token_pause, Scope::account, rejected.code, rejected.reason}, now, work);
}

}  // namespace parley
