#include "app/agent_shadows.hpp"

namespace parley {
namespace {

constexpr std::size_t most_open = 64;
constexpr Millis look_again{1000};
constexpr const char* help = "Turns that a shadow should have had";

}  // namespace

AgentShadows::AgentShadows(const Clock& clock, Metrics& metrics, Record record)
    : clock_(clock),
      record_(std::move(record)),
      heard_(metrics.counter("parley_shadow_turns_total", help, {{"result", "given"}})),
      left_out_(metrics.counter("parley_shadow_turns_total", help, {{"result", "left_out"}})) {}

void AgentShadows::begin(const DeploymentId& deployment, std::shared_ptr<Agent> agent) {
    const std::lock_guard lock(mutex_);
    agents_[deployment].swap(agent);
    has_any_ = true;
}

void AgentShadows::end(const DeploymentId& deployment) {
    std::shared_ptr<Agent> agent;  // released after the lock
    const std::lock_guard lock(mutex_);
    const auto found = agents_.find(deployment);
    if (found == agents_.end()) return;
    agent = std::move(found->second);
    agents_.erase(found);
    has_any_ = !agents_.empty();
}

void AgentShadows::mirror(const TurnEvent& event) {
    if (!has_any_.load(std::memory_order_relaxed) || event.attempt > 0) return;
    std::shared_ptr<Agent> agent;
    TurnPtr turn;
    {
        const std::lock_guard lock(mutex_);
        const auto found = agents_.find(event.deployment->id);
        if (found == agents_.end()) return;
        if (open_.size() >= most_open || open_.contains(event.conversation)) return left_out_.add();
        agent = found->second;
        TurnEvent copy = event;
        copy.deadline = clock_.mono() + copy.deployment->deadline;
        copy.trace = std::make_shared<TurnTrace>(clock_.wall());
        turn = std::make_shared<Turn>(std::move(copy), [this, id = event.conversation](TurnResult result) {
            finished(id, std::move(result));
        });
        open_[event.conversation] = {turn, agent};
    }
    heard_.add();
    agent->deliver(std::move(turn));
}

void AgentShadows::finished(ConversationId conversation, TurnResult result) {
    Open ended;
    {
        const std::lock_guard lock(mutex_);
        const auto found = open_.find(conversation);
        if (found == open_.end()) return;
        ended = std::move(found->second);
        open_.erase(found);
    }
    if (result.ending == Ending::crashed) result.error = "its process crashed";
    if (result.ending == Ending::given_back || result.again_in) return left_out_.add();
    record_({ended.turn, std::move(result), ended.agent->name(), clock_.wall(), true});
}

MonoTime AgentShadows::step(MonoTime now) {
    std::vector<Open> overdue;
    {
        const std::lock_guard lock(mutex_);
        for (auto one = open_.begin(); one != open_.end();) {
            if (one->second.turn->deadline() > now || !one->second.turn->revoke()) {
                ++one;
                continue;
            }
            overdue.push_back(std::move(one->second));
            one = open_.erase(one);
        }
    }
    for (Open& one : overdue) {
        one.agent->cancel(one.turn, "deadline");
        TurnResult late;
        late.error = "no answer within the deadline";
        record_({one.turn, std::move(late), one.agent->name(), clock_.wall(), true});
    }
    return now + look_again;
}

}  // namespace parley
