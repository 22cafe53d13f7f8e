// One deployment at Meta: its access token, its number, and whether the app gets its account's webhooks.
#pragma once

#include <string>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "core/phone_setup.hpp"
#include "whatsapp/graph_webhook_settings.hpp"

namespace parley::doctor {

struct NumberAnswer {
    Report report;
    std::string app_id;  // of the Meta app; empty: not known
    std::string url;     // where Meta posts its messages; empty: not known
};

struct MetaPorts {
    PhoneSetup& setup;
    GraphWebhookSettings& webhooks;
};

// `app` is the deployment's, null when it has none. Blocks for five calls at most.
NumberAnswer examine_number(const DeploymentConfig& deployment, const AppConfig* app, const MetaPorts& meta,
                            WallTime now);

}  // namespace parley::doctor
