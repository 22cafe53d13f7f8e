// Which accounts' webhooks the app gets, which fields of them, and where they go.
//
// Threads   None of its own; the caller serialises.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "simulator/call_parameters.hpp"

namespace parley::sim {

class SubscriptionBook {
  public:
    void subscribe(const std::string& waba_id, std::string url = {}) { urls_[waba_id] = std::move(url); }

    // GET, POST and DELETE /{waba_id}/subscribed_apps. A URL of its own is verified before it counts: then subscribe().
    GraphReply answer(const GraphCall& call);

    // GET, POST and DELETE /{app_id}/subscriptions, in the app's own name. A new URL is verified, too: then move_app().
    GraphReply answer_app(const GraphCall& call);
    void move_app(std::string url, const std::string& fields);  // names with commas between

    // The app has `messages`, and the account is subscribed.
    bool has(const std::string& waba_id) const;
    // Where an account's messages go. Empty: where the app's webhooks went at the start.
    std::string url_of(const std::string& waba_id) const;
    Json addresses_of(const std::string& waba_id) const;  // as a number's webhook_configuration
    void starts_at(std::string url) { first_url_ = std::move(url); }

  private:
    std::map<std::string, std::string> urls_;  // by account
    std::string first_url_;
    std::string app_url_;  // empty: the first
    std::vector<std::string> fields_{"messages"};
};

inline constexpr std::string_view simulated_app = "600000000000001";

}  // namespace parley::sim
