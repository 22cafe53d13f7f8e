#include "app/agent_trials.hpp"

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "base/synced_file.hpp"

namespace parley {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t fewest_failures = 3;  // one bad message is no bad version
constexpr Millis look_again{1000};

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

AgentTrials::AgentTrials(std::filesystem::path file, const Clock& clock, Judge judge)
    : file_(std::move(file)), clock_(clock), judge_(std::move(judge)) {}

void AgentTrials::load() {
    std::ifstream in(file_);
    std::stringstream bytes;
    bytes << in.rdbuf();
    const Json all = Json::parse(bytes.str(), nullptr, false);
    if (!all.is_object()) return;
    const std::lock_guard lock(mutex_);
    for (const auto& [name, one] : all.items())
        if (one.is_object())
            saved_[DeploymentId(name)] = {text(one, "stable_file"),
                                          text(one, "stable_sha256"),
                                          text(one, "trial_sha256"),
                                          text(one, "trial_version"),
                                          one.value("is_shadow", Json(false)) == true,
                                          text(one, "refused")};
}

void AgentTrials::save() {
    Json all = Json::object();
    for (const auto& [id, one] : saved_)
        all[id.str()] = {{"stable_file", one.stable_file},   {"stable_sha256", one.stable_sha256},
                         {"trial_sha256", one.trial_sha256}, {"trial_version", one.trial_version},
                         {"is_shadow", one.is_shadow},       {"refused", one.refused}};
    const std::string bytes = all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    if (const auto written = write_synced(file_, bytes, 0600); !written)
        log_error("trial of an agent not noted", {{"reason", written.error().message()}});
}

std::optional<AgentTrials::Saved> AgentTrials::saved(const DeploymentId& deployment) const {
    const std::lock_guard lock(mutex_);
    const auto found = saved_.find(deployment);
    return found == saved_.end() ? std::nullopt : std::optional(found->second);
}

void AgentTrials::begin(const DeploymentId& deployment, const FreshAgent& fresh, const CanaryConfig& config,
                        const AgentView& stable, const std::filesystem::path& stable_file) {
    const std::lock_guard lock(mutex_);
    Trial& trial = trials_[deployment] = {};
    trial.fresh = fresh;
    trial.config = config;
    trial.since = clock_.mono();
    saved_[deployment] = {stable_file.string(), stable.sha256,       fresh.view.sha256,
                          fresh.view.version,   config.percent == 0, ""};
    has_any_ = true;
    save();
}

std::optional<FreshAgent> AgentTrials::take(const DeploymentId& deployment, const Agent* agent,
                                            const std::string& refused) {
    const std::lock_guard lock(mutex_);
    const auto found = trials_.find(deployment);
    if (found == trials_.end() || (agent != nullptr && found->second.fresh.agent.get() != agent))
        return std::nullopt;
    std::optional<FreshAgent> fresh(std::move(found->second.fresh));
    trials_.erase(found);
    has_any_ = !trials_.empty();
    if (refused.empty())
        saved_.erase(deployment);
    else
        saved_[deployment].refused = refused;
    save();
    return fresh;
}

std::filesystem::path AgentTrials::trial_copy(const DeploymentId& deployment) const {
    const std::lock_guard lock(mutex_);
    const auto found = trials_.find(deployment);
    return found == trials_.end() ? std::filesystem::path{} : found->second.fresh.staged;
}

void AgentTrials::forget(const DeploymentId& deployment) {
    const std::lock_guard lock(mutex_);
    trials_.erase(deployment);
    has_any_ = !trials_.empty();
    if (saved_.erase(deployment) > 0) save();
}

void AgentTrials::refuse(const DeploymentId& deployment, const std::string& why) {
    const std::lock_guard lock(mutex_);
    const auto found = saved_.find(deployment);
    if (found == saved_.end()) return;
    found->second.refused = why;
    save();
}

void AgentTrials::turn_ended(const Agent* agent, bool has_failed) {
    if (has_any_.load(std::memory_order_relaxed)) count(agent, true, has_failed);
}

void AgentTrials::crashed(const Agent* agent) {
    if (has_any_.load(std::memory_order_relaxed)) count(agent, false, true);
}

void AgentTrials::count(const Agent* agent, bool is_turn, bool has_failed) {
    std::optional<Verdict> verdict;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, trial] : trials_) {
            if (trial.fresh.agent.get() != agent || trial.is_decided) continue;
            trial.turns += is_turn ? 1 : 0;
            trial.failures += has_failed ? 1 : 0;
            const auto turns = static_cast<double>(std::max(trial.turns, trial.failures));
            const bool is_bad =
                trial.failures >= fewest_failures &&
                static_cast<double>(trial.failures) > trial.config.rollback_on_failures * turns;
            if (!has_failed || !is_bad) break;
            trial.is_decided = true;
            verdict = Verdict{id, trial.fresh.agent, false,
                              std::to_string(trial.failures) + " failures in " + std::to_string(trial.turns) +
                                  (trial.turns == 1 ? " turn" : " turns")};
            break;
        }
    }
    if (verdict) judge_(std::move(*verdict));
}

MonoTime AgentTrials::step(MonoTime now) {
    std::vector<Verdict> verdicts;
    if (!has_any_.load(std::memory_order_relaxed)) return now + look_again;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, trial] : trials_) {
            const bool has_lasted =
                trial.turns >= trial.config.min_turns && now - trial.since >= trial.config.after;
            if (trial.is_decided || !has_lasted) continue;
            trial.is_decided = true;
            verdicts.push_back({id, trial.fresh.agent, true,
                                std::to_string(trial.turns) + " turns, " + std::to_string(trial.failures) +
                                    (trial.failures == 1 ? " failure" : " failures")});
        }
    }
    for (Verdict& one : verdicts) judge_(std::move(one));
    return now + look_again;
}

std::optional<TrialView> AgentTrials::view(const DeploymentId& deployment) const {
    const std::lock_guard lock(mutex_);
    const auto saved = saved_.find(deployment);
    if (saved == saved_.end()) return std::nullopt;
    TrialView view;
    view.version = saved->second.trial_version;
    view.sha256 = saved->second.trial_sha256;
    view.is_shadow = saved->second.is_shadow;
    view.taken_back_because = saved->second.refused;
    const auto trial = trials_.find(deployment);
    if (trial == trials_.end()) return view;
    view.is_running = true;
    view.percent = trial->second.config.percent;
    view.turns = trial->second.turns;
    view.failures = trial->second.failures;
    view.running_for = std::chrono::duration_cast<Millis>(clock_.mono() - trial->second.since);
    return view;
}

}  // namespace parley
