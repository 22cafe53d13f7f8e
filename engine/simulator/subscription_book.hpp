// Which accounts' webhooks the app gets, and where they go.
//
// Threads   None of its own; the caller serialises.
#pragma once

#include <map>
#include <string>

#include "simulator/call_parameters.hpp"

namespace parley::sim {

class SubscriptionBook {
  public:
    void subscribe(const std::string& waba_id, std::string url = {}) { urls_[waba_id] = std::move(url); }

    // GET, POST and DELETE /{waba_id}/subscribed_apps. A URL of its own is verified before it counts: then subscribe().
    GraphReply answer(const GraphCall& call);

    bool has(const std::string& waba_id) const { return urls_.contains(waba_id); }
    // Empty: the app's webhook.
    std::string url_of(const std::string& waba_id) const {
        const auto found = urls_.find(waba_id);
        return found == urls_.end() ? std::string() : found->second;
    }

  private:
    std::map<std::string, std::string> urls_;  // by account
};

}  // namespace parley::sim
