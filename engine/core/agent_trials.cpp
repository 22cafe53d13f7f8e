// An agent on trial beside the one that serves: the part of Dispatcher that gives it its share of the conversations.
#include "core/dispatcher.hpp"

namespace parley {
namespace {

// splitmix64: neighbouring conversations fall anywhere.
double place_of(ConversationId id, std::uint64_t salt) {
    std::uint64_t z = static_cast<std::uint64_t>(to_int(id)) + salt + 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    z ^= z >> 31U;
    return static_cast<double>(z >> 11U) * 0x1p-53;
}

}  // namespace

void Dispatcher::try_agent(const DeploymentId& deployment, std::shared_ptr<Agent> agent,
                           std::uint32_t state_schema, double share, std::uint64_t salt) {
    std::shared_ptr<Agent> former;  // released after the lock
    const std::lock_guard lock(mutex_);
    Hosted& hosted = agents_[deployment];
    former = std::exchange(hosted.trial, Hosted::Trial{std::move(agent), state_schema, share, salt}).agent;
    if (former) drain_later(former, Millis{0});
}

bool Dispatcher::end_trial(const DeploymentId& deployment, const Agent* agent, bool keep, Millis drain) {
    std::shared_ptr<Agent> leaving;  // released after the lock
    const std::lock_guard lock(mutex_);
    const auto hosted = agents_.find(deployment);
    if (hosted == agents_.end() || !hosted->second.trial.agent || hosted->second.trial.agent.get() != agent)
        return false;
    Hosted::Trial trial = std::exchange(hosted->second.trial, Hosted::Trial{});
    leaving = keep ? std::exchange(hosted->second.agent, trial.agent) : trial.agent;
    if (keep) hosted->second.state_schema = trial.state_schema;
    if (leaving) drain_later(leaving, drain);
    return true;
}

void Dispatcher::drain_later(const std::shared_ptr<Agent>& agent, Millis drain) {
    const MonoTime until = ports_.clock.mono() + drain;
    draining_.push_back({agent, until});
    ports_.wakeup.wake_at(until);
}

void Dispatcher::choose_agent(ConversationId id, Lane& lane) const {
    const Hosted& hosted = *lane.hosted;
    const Hosted::Trial& trial = hosted.trial;
    const bool is_tried = trial.agent && place_of(id, trial.salt) < trial.share;
    lane.agent = is_tried ? trial.agent : hosted.agent;
    lane.state_schema = is_tried ? trial.state_schema : hosted.state_schema;
}

}  // namespace parley
