// Where Meta posts an app's webhooks, and which: what the app's dashboard shows under WhatsApp, Configuration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/phone_setup.hpp"
#include "whatsapp/graph_call.hpp"

namespace parley {

struct AppWebhook {
    std::string callback_url;
    bool is_active = true;
    std::vector<std::string> fields;  // messages, account_update …
};

// Any thread. The client must not call back after this object is gone: shut it down first.
class GraphAppWebhook {
  public:
    GraphAppWebhook(GraphOptions options, HttpClient& http);

    // Of the object whatsapp_business_account; nothing: the app has no such webhook. Neither secret gets into a text.
    void read(const std::string& app_id, const Secret& app_secret, SetupDone<std::optional<AppWebhook>> done);

  private:
    GraphCaller caller_;
    HttpClient& http_;
};

// What Graph takes in an app's own name: its id, '|', its secret.
Secret make_app_token(const std::string& app_id, const Secret& app_secret);

}  // namespace parley
