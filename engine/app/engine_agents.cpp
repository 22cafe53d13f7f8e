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
    make_trials();
    std::vector<Deployment> running;
    std::vector<DeploymentConfig> all = std::move(config.deployments);
    config.deployments.clear();
    for (DeploymentConfig& deployment : all) {
        auto begun = begin_agent(deployment);
        if (!begun && !deployment.is_account) return begun.error();
        if (!begun) {
            set_aside(deployment.deployment.id, begun.error().message());
            continue;
        }
        running.push_back(deployment.deployment);
        use(deployment, std::move(*begun), running.back().events);
        config.deployments.push_back(std::move(deployment));
    }
    accounts.replace(std::move(running));
    return {};
}

BegunAgents Engine::Parts::start_fresh(const Config& next, const std::vector<DeploymentId>& which,
                                       std::vector<ReloadReport::Mistake>& mistakes) {
    BegunAgents all;
    for (const DeploymentConfig& one : next.deployments) {
        const DeploymentId& id = one.deployment.id;
        auto begun = begin_next(one, std::find(which.begin(), which.end(), id) != which.end(), false);
        if (!begun)
            mistakes.push_back({next.file,
                                one.agent_at.line,
                                one.agent_at.column,
                                "deployments." + id.str() + ".agent",
                                begun.error().message(),
                                {}});
        else if (begun->serves || begun->trial)
            all.emplace(id, std::move(*begun));
    }
    return all;
}

void Engine::Parts::give(const DeploymentId& id, FreshAgent fresh) {
    roster->serves(id, fresh);
    dispatcher->set_agent(id, std::move(fresh.agent), fresh.state_schema, config.agents.drain_timeout);
}

// Each part swaps what it reads as a whole, so nobody sees half of a change of one deployment.
void Engine::Parts::apply(ConfigReloader::Changed changed) {
    std::vector<Deployment> running;
    std::vector<const Deployment*> at_last;  // what came for their numbers was kept
    for (const DeploymentConfig& one : changed.config.deployments) {
        const DeploymentId& id = one.deployment.id;
        running.push_back(one.deployment);
        const DeploymentPtr before = accounts.by_id(id);
        if (one.deployment.takes_messages && !(before && before->takes_messages))
            at_last.push_back(&one.deployment);
        roster->set_policy(one);
        const auto trial = trials->view(id);
        if (!one.shadow && trial && trial->is_shadow && trial->is_running)
            end_trial(id, nullptr, false, "turned off");
        if (const DeploymentPtr now = accounts.by_id(id)) running.back().events = now->events;
        if (const auto begun = changed.agents.find(id); begun != changed.agents.end())
            use(one, std::move(begun->second), running.back().events);
    }
    turn_watch->set_plans(record_plans(changed.config));
    accounts.replace(std::move(running));
    for (const DeploymentId& id : changed.removed) {
        dispatcher->remove_agent(id);
        roster->left(id);
        trials->forget(id);
        turn_watch->shadows().end(id);
    }
    WebhookOptions webhooks = webhook_options(changed.config);
    server->trust_proxies(webhooks.gate.trusted_proxies);
    endpoint->reconfigure(std::move(webhooks));
    refused_posts.use(refused_options(changed.config.webhook));
    gate->replace_keys(api_keys(changed.config.admin));
    if (changed.tls) server->replace_tls(std::move(changed.tls));
    configure_log(changed.config.log.level, changed.config.log.format);
    pump->accounts_changed();
    followups->accounts_changed();
    for (const Deployment* one : at_last) kept->look_for(one->channel, one->app);
}

Result<AgentSwap> Engine::Parts::swap(const DeploymentId& id, SwapTo to) {
    if (draining) return Error(Errc::conflict, "the engine is draining");
    return reloader->with_running([&](const Config& running) -> Result<AgentSwap> {
        for (const DeploymentConfig& one : running.deployments)
            if (one.deployment.id == id) return swap(one, to);
        return Error(Errc::not_found, "there is no deployment of this name");
    });
}

Result<AgentSwap> Engine::Parts::swap(const DeploymentConfig& one, SwapTo to) {
    const DeploymentId& id = one.deployment.id;
    const AgentView before = seen(id);
    const bool is_trying = before.trial && before.trial->is_running;
    // A shadow is no instance that could serve.
    const bool makes_heard = to == SwapTo::promoted && is_trying && before.trial->is_shadow;
    if (!makes_heard && (to == SwapTo::promoted || (to == SwapTo::previous && is_trying)))
        return end_trial_by_hand(id, to == SwapTo::promoted);
    BegunAgent begun;
    if (to != SwapTo::newest) {
        auto fresh =
            makes_heard ? roster->start_copy(one, trials->trial_copy(id)) : roster->start_previous(one);
        if (!fresh) return fresh.error();
        begun.serves = std::move(*fresh);
    } else {
        auto next = begin_next(one, true, true);
        if (!next) return next.error();
        begun = std::move(*next);
    }
    std::vector<Deployment> deployments;
    const bool is_replaced = begun.serves.has_value();
    for (const DeploymentPtr& account : accounts.all()) {
        deployments.push_back(*account);
        if (account->id == id) use(one, std::move(begun), deployments.back().events);
    }
    accounts.replace(std::move(deployments));
    const AgentSwap swap{before, seen(id)};
    if (is_replaced)
        log_info("agent replaced",
                 {{"deployment", id.str()}, {"before", before.version}, {"now", swap.now.version}});
    return swap;
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
