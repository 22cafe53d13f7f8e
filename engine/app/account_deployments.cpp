#include "app/account_deployments.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/agent_events.hpp"

namespace parley {
namespace {

const std::string own_app = "deployment:";  // as config_checks names the apps that deployments bring

AppConfig* app_with(Config& config, const Secret& secret) {
    for (AppConfig& app : config.whatsapp.apps)
        for (const Secret& one : app.app_secrets)
            if (one.equals(secret.reveal())) return &app;
    return nullptr;
}

AppId app_of(Config& config, const DeploymentId& id, Secret secret) {
    if (secret.empty()) return config.whatsapp.default_app.id;
    if (const AppConfig* known = app_with(config, secret)) return known->id;
    AppConfig app;
    app.id = AppId(own_app + id.str());
    app.app_secrets.push_back(std::move(secret));
    return config.whatsapp.apps.emplace_back(std::move(app)).id;
}

// Names that were taken before they meant anything are passed over.
std::vector<std::string> told_events(const StoredAccount& account) {
    const auto details = nlohmann::json::parse(account.details_json, nullptr, false);
    const auto webhook = details.find("webhook_config");
    std::vector<std::string> told;
    if (webhook == details.end() || !webhook->is_object()) return told;
    for (const nlohmann::json& one : webhook->value("events", nlohmann::json::array()))
        if (std::find(agent_events.begin(), agent_events.end(), one) != agent_events.end())
            told.push_back(one.get<std::string>());
    return told;
}

Result<DeploymentConfig> to_deployment(Config& config, const StoredAccount& account,
                                       const SealingKeys& keys) {
    using namespace account_field;
    auto token = open_field(account, access_token, keys);
    auto secret = open_field(account, app_secret, keys);
    const auto settings = open_field(account, account_field::config, keys);
    if (!token) return token.error();
    if (!secret) return secret.error();
    if (!settings) return settings.error();
    DeploymentConfig made;
    made.is_account = true;
    made.base_dir = account_files(config);
    if (made.base_dir.empty()) made.base_dir = "/dev/null";  // no file lies below it
    made.allow_private_networks = config.accounts.allow_private_networks;
    if (!settings->empty()) made.config_json = settings->reveal();
    Deployment& deployment = made.deployment;
    deployment.id = account.id;
    deployment.channel = account.channel;
    deployment.waba_id = account.waba_id;
    deployment.agent = account.agent;
    deployment.access_token = token->empty() ? config.whatsapp.access_token : std::move(*token);
    deployment.told = told_events(account);
    deployment.takes_messages = account.state == AccountState::active;
    if (!secret->empty()) made.app_secrets = {*secret};
    deployment.app = app_of(config, account.id, std::move(*secret));
    return made;
}

// Empty: none of the file's deployments stands in the account's way.
std::string taken_by_file(const Config& config, const StoredAccount& account) {
    const std::string whose = "the account " + account.id.str() + ", created by the API, ";
    for (const DeploymentConfig& one : config.deployments) {
        if (one.is_account) continue;
        const std::string place = "deployments." + one.deployment.id.str() + ": ";
        if (one.deployment.id == account.id)
            return place + whose + "has this name; rename the deployment, or delete the account first";
        if (!account.channel.empty() && one.deployment.channel == account.channel)
            return place + whose +
                   "has this phone_number_id; remove the deployment, or delete the account first";
    }
    return {};
}

Result<> check_config(const Config& config, const std::vector<StoredAccount>& accounts,
                      const SealingKeys& keys) {
    for (const StoredAccount& account : accounts) {
        const std::string taken = taken_by_file(config, account);
        if (!taken.empty()) return Error(Errc::invalid_input, taken);
        for (const auto& [field, envelope] : account.sealed) {
            if (keys.empty())
                return Error(Errc::invalid_input, "accounts.key is not set, and the account " +
                                                      account.id.str() + " in the store was sealed with one");
            const auto opened = keys.open(envelope, sealing_place(account.id, field));
            if (!opened && opened.error().code() == Errc::unauthorized)
                return Error(Errc::invalid_input, "accounts.key does not open " + field + " of the account " +
                                                      account.id.str() + ": " + opened.error().message() +
                                                      "; add that key to the list");
        }
    }
    return {};
}

}  // namespace

std::string sealing_place(const DeploymentId& account, std::string_view field) {
    return account.str() + "\n" + std::string(field);
}

Result<Secret> open_field(const StoredAccount& account, std::string_view field, const SealingKeys& keys) {
    const auto sealed = account.sealed.find(field);
    if (sealed == account.sealed.end()) return Secret{};
    auto opened = keys.open(sealed->second, sealing_place(account.id, field));
    if (!opened) return opened.error().within(std::string(field));
    return opened;
}

Result<std::vector<AccountProblem>> add_accounts(Config& config, const std::vector<StoredAccount>& accounts,
                                                 const SealingKeys& keys) {
    if (auto checked = check_config(config, accounts, keys); !checked) return checked.error();
    std::vector<AccountProblem> problems;
    for (const StoredAccount& account : accounts) {
        if (account.channel.empty()) continue;
        auto deployment = to_deployment(config, account, keys);
        if (deployment)
            config.deployments.push_back(std::move(*deployment));
        else
            problems.push_back({account.id, "its row cannot be read: " + deployment.error().message()});
    }
    return problems;
}

void remove_accounts(Config& config) {
    for (const DeploymentConfig& one : config.deployments)
        if (one.is_account)
            std::erase_if(config.whatsapp.apps, [&](const AppConfig& app) {
                return app.id.str() == own_app + one.deployment.id.str();
            });
    std::erase_if(config.deployments, [](const DeploymentConfig& one) { return one.is_account; });
}

std::filesystem::path account_files(const Config& config) {
    return config.accounts.files.empty() ? std::filesystem::path{} : resolve(config, config.accounts.files);
}

}  // namespace parley
