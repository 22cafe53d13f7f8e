// A Meta app: whether its secret is the right one, and what its dashboard says of the webhook.
#pragma once

#include <string>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "whatsapp/graph_webhook_settings.hpp"

namespace parley::doctor {

struct AppAnswer {
    Report report;
    std::string callback_url;  // where Meta posts; empty: not known
};

// `app_id` as configured, or as a token told it; empty: not known. Blocks for one call.
AppAnswer examine_app(const AppConfig& app, const std::string& app_id, const WhatsappConfig& whatsapp,
                      GraphWebhookSettings& meta);

}  // namespace parley::doctor
