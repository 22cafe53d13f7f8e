#include "app/doctor/secret_guard.hpp"

#include "whatsapp/graph_call.hpp"

namespace parley::doctor {
namespace {

constexpr std::size_t shortest_secret = 8;

}  // namespace

SecretGuard::SecretGuard(const Config& config) {
    const auto add = [this](const Secret& secret) {
        if (secret.reveal().size() < shortest_secret) return;
        secrets_.push_back(secret);
        secrets_.emplace_back(percent_encode(secret.reveal()));
    };
    const auto add_all = [&](const std::vector<Secret>& list) {
        for (const Secret& secret : list) add(secret);
    };
    add(config.admin.api_key);
    for (const AdminKeyConfig& one : config.admin.keys) add(one.key);
    for (const AppConfig& app : config.whatsapp.apps) {
        add_all(app.app_secrets);
        add(app.verify_token);
    }
    add(config.whatsapp.access_token);
    add_all(config.accounts.keys);
    for (const DeploymentConfig& one : config.deployments) {
        add(one.deployment.access_token);
        add(one.deployment.proxy_token);
        for (const auto& [name, secret] : one.secrets) add(secret);
    }
}

void SecretGuard::clean(Report& report) const {
    for (Finding& finding : report)
        for (const Secret& secret : secrets_)
            for (std::string* text : {&finding.subject, &finding.text, &finding.remedy})
                blot_out(*text, secret.reveal());
}

}  // namespace parley::doctor
