#include "app/turn_watch.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace parley {
namespace {

using Json = nlohmann::json;

bool names_a_secret(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array<std::string_view, 5> words{"secret", "token", "password", "credential", "key"};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// What an agent's configuration holds under names that sound like secrets.
void collect(const Json& config, bool is_secret, std::vector<std::string>& secrets) {
    if (config.is_string() && is_secret) secrets.push_back(config.get<std::string>());
    if (config.is_array())
        for (const Json& one : config) collect(one, is_secret, secrets);
    if (config.is_object())
        for (const auto& [name, value] : config.items())
            collect(value, is_secret || names_a_secret(name), secrets);
}

}  // namespace

std::filesystem::path records_folder(const Config& config) {
    return state_directory(config) / (database_file(config).filename().string() + ".records");
}

RecordPlans record_plans(const Config& config) {
    RecordPlans plans;
    for (const DeploymentConfig& one : config.deployments) {
        if (!one.deployment.is_recorded) continue;
        RecordPlan plan{one.record.keep, one.record.max_size, {}};
        const auto add = [&](const Secret& secret) {
            if (!secret.empty()) plan.secrets.emplace_back(secret.reveal());
        };
        add(one.deployment.access_token);
        add(one.deployment.proxy_token);
        add(config.admin.api_key);
        for (const AdminKeyConfig& one_key : config.admin.keys) add(one_key.key);
        for (const Secret& secret : one.app_secrets) add(secret);
        for (const AppConfig& app : config.whatsapp.apps) {
            for (const Secret& secret : app.app_secrets) add(secret);
            add(app.verify_token);
        }
        for (const auto& [name, secret] : one.secrets) add(secret);
        collect(Json::parse(one.config_json, nullptr, false), false, plan.secrets);
        plans.emplace(one.deployment.id, std::move(plan));
    }
    return plans;
}

TurnWatch::TurnWatch(RecordLogOptions options, RecordPlans plans, const Clock& clock, Metrics& metrics)
    : clock_(clock),
      records_(std::move(options), std::move(plans), clock, metrics),
      shadows_(clock, metrics, [this](RecordedTurn recorded) { records_.add(std::move(recorded)); }) {}

void TurnWatch::begins(const TurnPtr& turn) {
    shadows_.mirror(turn->event());
}

void TurnWatch::ended(const TurnPtr& turn, const TurnResult& result, const Agent* agent) {
    // What a message did to the agent's process has been counted already, each time.
    const bool is_given_up = turn->event().attempt >= turn->event().deployment->attempts;
    if (trials_ != nullptr && agent != nullptr && !is_given_up) trials_->turn_ended(agent, !result.ok);
    if (!turn->event().trace) return;
    records_.add({turn, result, agent == nullptr ? AgentName{} : agent->name(), clock_.wall(), false});
}

void TurnWatch::crashed(const Turn&, const Agent* agent) {
    if (trials_ != nullptr && agent != nullptr) trials_->crashed(agent);
}

}  // namespace parley
