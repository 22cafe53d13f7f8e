// New versions of agents that get a share of the conversations first: begun instead of a replacement, ended by how they
// do, or by hand.
#include "app/engine_parts.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

// Other conversations for another version.
std::uint64_t salt_of(const std::string& sha256) {
    std::uint64_t salt = 0;
    for (const char digit : sha256.substr(0, 16)) salt = salt * 31 + static_cast<unsigned char>(digit);
    return salt;
}

bool may_try(const DeploymentConfig& one) {
    return one.canary.percent > 0 || one.shadow;
}

}  // namespace

void Engine::Parts::make_trials() {
    const std::filesystem::path file =
        state_directory(config) / (database_file(config).filename().string() + ".trials");
    trials = std::make_unique<AgentTrials>(file, environment.clock, [this](AgentTrials::Verdict verdict) {
        auto shared = std::make_shared<AgentTrials::Verdict>(std::move(verdict));
        // At once, for every turn until then may be one that fails; the books follow.
        if (!shared->keep) dispatcher->end_trial(shared->deployment, shared->agent.get(), false, Millis{0});
        (void)workers->post([this, shared] {
            reloader->with_running([&](const Config&) {
                end_trial(shared->deployment, shared->agent.get(), shared->keep, shared->why);
            });
        });
    });
    trials->load();
    turn_watch->set_trials(*trials);
}

Result<FreshAgent> Engine::Parts::begin_trial(const DeploymentConfig& one) {
    return one.shadow ? roster->start_shadow(one) : roster->start(one);
}

// Which version serves after a start: not the one that was on trial, and not one that was taken back.
Result<BegunAgent> Engine::Parts::begin_agent(const DeploymentConfig& one) {
    const DeploymentId& id = one.deployment.id;
    const auto saved = trials->saved(id);
    const std::string sha256 = saved ? roster->sha256_of_file(one) : "";
    if (saved &&
        (!may_try(one) || sha256 == saved->stable_sha256 || !std::filesystem::exists(saved->stable_file)))
        trials->forget(id);
    else if (saved) {
        const bool is_known = sha256 == saved->trial_sha256;
        const bool is_in_engine = one.isolation.kind == IsolationConfig::Kind::none;
        if (is_known && saved->refused.empty() && is_in_engine && !crashes->blamed().empty())
            trials->refuse(id, "the engine crashed in an agent while it was tried");
        auto stable = roster->start_copy(one, saved->stable_file);
        if (!stable) return stable.error();
        BegunAgent begun{std::move(*stable), std::nullopt, true};
        if (is_known && !trials->saved(id)->refused.empty()) return begun;
        auto trial = begin_trial(one);
        if (trial)
            begun.trial = std::move(*trial);
        else
            log_error("agent not tried", {{"deployment", id.str()}, {"reason", trial.error().message()}});
        return begun;
    }
    auto fresh = roster->start(one);
    if (!fresh) return fresh.error();
    return BegunAgent{std::move(*fresh), std::nullopt, false};
}

// What a reload or a swap makes of a deployment whose agent or file is another one; nothing when all is as it was.
Result<BegunAgent> Engine::Parts::begin_next(const DeploymentConfig& one, bool is_asked, bool is_forced) {
    const DeploymentId& id = one.deployment.id;
    const AgentView running = roster->of(id);
    const std::string sha256 = roster->sha256_of_file(one);
    const auto saved = trials->saved(id);
    const bool is_new = !sha256.empty() && !running.sha256.empty() && sha256 != running.sha256;
    const bool is_known = is_new && saved && saved->trial_sha256 == sha256;
    // The file of the version that serves is back in its place.
    const bool is_withdrawn = !is_new && !sha256.empty() && saved && saved->refused.empty();
    if (!is_forced && !is_asked && !is_withdrawn && (!is_new || is_known)) return BegunAgent{};
    const bool keeps_stable = is_known && may_try(one) && !is_forced;
    const bool tries = is_new && may_try(one) && (!is_known || is_forced || saved->refused.empty());
    BegunAgent begun;
    if (keeps_stable || !tries) {
        auto fresh = keeps_stable ? roster->start_copy(one, saved->stable_file) : roster->start(one);
        if (!fresh) return fresh.error();
        begun.serves = std::move(*fresh);
        begun.is_as_before = keeps_stable;
    }
    if (tries) {
        auto trial = begin_trial(one);
        if (!trial) return trial.error();
        begun.trial = std::move(*trial);
    }
    return begun;
}

void Engine::Parts::use(const DeploymentConfig& one, BegunAgent begun,
                        std::set<std::string, std::less<>>& events) {
    const DeploymentId& id = one.deployment.id;
    turn_watch->shadows().end(id);
    if (begun.serves) {
        events = {begun.serves->events.begin(), begun.serves->events.end()};
        if (!begun.is_as_before) trials->forget(id);
        roster->hand_over(id, *begun.serves);
        give(id, std::move(*begun.serves));
    }
    if (!begun.trial) return;
    FreshAgent& trial = *begun.trial;
    trials->begin(id, trial, one.canary, roster->of(id), roster->running_copy(id));
    log_info("agent on trial", {{"deployment", id.str()},
                                {"serves", roster->of(id).version},
                                {"tried", trial.view.version},
                                {"percent", one.canary.percent}});
    if (one.shadow) return turn_watch->shadows().begin(id, std::move(trial.agent));
    dispatcher->try_agent(id, std::move(trial.agent), trial.state_schema, one.canary.percent / 100.0,
                          salt_of(trial.view.sha256));
}

bool Engine::Parts::end_trial(const DeploymentId& id, const Agent* agent, bool keep, const std::string& why) {
    auto fresh = trials->take(id, agent, keep ? "" : why);
    if (!fresh) return false;
    turn_watch->shadows().end(id);
    dispatcher->end_trial(id, fresh->agent.get(), keep, keep ? config.agents.drain_timeout : Millis{0});
    log(keep || agent == nullptr ? LogLevel::info : LogLevel::error,
        keep ? "agent on trial serves now" : "agent on trial taken back",
        {{"deployment", id.str()}, {"version", fresh->view.version}, {"reason", why}});
    if (!keep) return true;
    roster->serves(id, *fresh);
    std::vector<Deployment> deployments;
    for (const DeploymentPtr& account : accounts.all()) {
        deployments.push_back(*account);
        if (account->id == id) deployments.back().events = {fresh->events.begin(), fresh->events.end()};
    }
    accounts.replace(std::move(deployments));
    return true;
}

Result<AgentSwap> Engine::Parts::end_trial_by_hand(const DeploymentId& id, bool keep) {
    const AgentView before = seen(id);
    if (!before.trial || !before.trial->is_running ||
        !end_trial(id, nullptr, keep, keep ? "kept by hand" : "taken back by hand"))
        return Error(Errc::conflict, "no version is on trial");
    return AgentSwap{before, seen(id)};
}

AgentView Engine::Parts::seen(const DeploymentId& id) const {
    AgentView view = roster->of(id);
    view.trial = trials->view(id);
    return view;
}

}  // namespace parley
