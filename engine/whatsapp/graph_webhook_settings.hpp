// Where Meta posts webhooks, and which: what the app's dashboard shows under WhatsApp, Configuration, and what an account
// or a number has instead.
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

// Empty: there is none.
struct NumberWebhooks {
    std::string number;   // wins
    std::string account;  // wins over the app's
    std::string app;

    const std::string& effective() const {
        return !number.empty() ? number : !account.empty() ? account : app;
    }
};

// Any thread. The client must not call back after this object is gone: shut it down first.
class GraphWebhookSettings {
  public:
    GraphWebhookSettings(GraphOptions options, HttpClient& http);

    // Of the object whatsapp_business_account; nothing: the app has no such webhook. Neither secret gets into a text.
    void of_app(const std::string& app_id, const Secret& app_secret,
                SetupDone<std::optional<AppWebhook>> done);

    // Where the messages of a number go.
    void of_number(const PhoneNumberId& number, const Secret& token, SetupDone<NumberWebhooks> done);

  private:
    GraphCaller caller_;
    HttpClient& http_;
};

// What Graph takes in an app's own name: its id, '|', its secret.
Secret make_app_token(const std::string& app_id, const Secret& app_secret);

}  // namespace parley
