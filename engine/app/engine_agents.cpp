// Which agents run: at the start, after a reload, and when an operator or a changed file replaces one.
#include "app/engine_parts.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

constexpr Millis look_at_agents{1000};

}  // namespace

Result<> Engine::Parts::start_agents() {
    roster = std::make_unique<AgentRoster>(config, environment, *http, metrics, crashes.get(), media.get(),
                                           key_values);
    std::vector<Deployment> running;
    for (const DeploymentConfig& deployment : config.deployments) {
        auto fresh = roster->start(deployment);
        if (!fresh) return fresh.error();
        running.push_back(deployment.deployment);
        running.back().events = {fresh->events.begin(), fresh->events.end()};
        give(deployment.deployment.id, std::move(*fresh));
    }
    accounts.replace(std::move(running));
    return {};
}

FreshAgents Engine::Parts::start_fresh(const Config& next, const std::vector<DeploymentId>& which,
                                       std::vector<ReloadReport::Mistake>& mistakes) {
    FreshAgents fresh;
    for (const DeploymentConfig& one : next.deployments) {
        const DeploymentId& id = one.deployment.id;
        const bool is_asked = std::find(which.begin(), which.end(), id) != which.end();
        if (!is_asked && !roster->has_new_file(one)) continue;
        auto started = roster->start(one);
        if (started)
            fresh.emplace(id, std::move(*started));
        else
            mistakes.push_back({next.file,
                                one.agent_at.line,
                                one.agent_at.column,
                                "deployments." + id.str() + ".agent",
                                started.error().message(),
                                {}});
    }
    return fresh;
}

void Engine::Parts::give(const DeploymentId& id, FreshAgent fresh) {
    roster->serves(id, fresh);
    dispatcher->set_agent(id, std::move(fresh.agent), fresh.state_schema, config.agents.drain_timeout);
}

// Each part swaps what it reads as a whole, so nobody sees half of a change of one deployment.
void Engine::Parts::apply(ConfigReloader::Changed changed) {
    std::vector<Deployment> running;
    for (const DeploymentConfig& one : changed.config.deployments) {
        const DeploymentId& id = one.deployment.id;
        running.push_back(one.deployment);
        roster->set_policy(one);
        if (const auto fresh = changed.agents.find(id); fresh != changed.agents.end()) {
            running.back().events = {fresh->second.events.begin(), fresh->second.events.end()};
            roster->hand_over(id, fresh->second);
            give(id, std::move(fresh->second));
        } else if (const DeploymentPtr now = accounts.by_id(id)) {
            running.back().events = now->events;
        }
    }
    accounts.replace(std::move(running));
    for (const DeploymentId& id : changed.removed) {
        dispatcher->remove_agent(id);
        roster->left(id);
    }
    endpoint->reconfigure(webhook_options(changed.config));
    gate->replace_keys(api_keys(changed.config.admin));
    if (changed.tls) server->replace_tls(std::move(changed.tls));
    configure_log(changed.config.log.level, changed.config.log.format);
    pump->accounts_changed();
    followups->accounts_changed();
}

Result<AgentSwap> Engine::Parts::swap(const DeploymentId& id, bool to_previous) {
    if (draining) return Error(Errc::conflict, "the engine is draining");
    return reloader->with_running([&](const Config& running) -> Result<AgentSwap> {
        for (const DeploymentConfig& one : running.deployments) {
            if (one.deployment.id != id) continue;
            auto fresh = to_previous ? roster->start_previous(one) : roster->start(one);
            if (!fresh) return fresh.error();
            roster->hand_over(id, *fresh);
            const AgentSwap swap{roster->of(id), fresh->view};
            std::vector<Deployment> deployments;
            for (const DeploymentPtr& account : accounts.all()) {
                deployments.push_back(*account);
                if (account->id == id)
                    deployments.back().events = {fresh->events.begin(), fresh->events.end()};
            }
            give(id, std::move(*fresh));
            accounts.replace(std::move(deployments));
            log_info("agent replaced",
                     {{"deployment", id.str()}, {"before", swap.before.version}, {"now", swap.now.version}});
            return swap;
        }
        return Error(Errc::not_found, "there is no deployment of this name");
    });
}

std::vector<AgentWatcher::Watched> Engine::Parts::watched() {
    return reloader->with_running([&](const Config& running) {
        std::vector<AgentWatcher::Watched> all;
        for (const DeploymentConfig& one : running.deployments)
            if (const auto file = roster->file_of(one)) all.push_back({one.deployment.id, *file});
        return all;
    });
}

MonoTime Engine::Parts::watch_agents(MonoTime now) {
    if (now < next_look) return next_look;
    next_look = now + look_at_agents;
    if (!draining && !looking.exchange(true) && !workers->post([this] {
            watcher->look();
            looking = false;
        }))
        looking = false;
    return next_look;
}

}  // namespace parley
