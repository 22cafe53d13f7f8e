// Builds the envelope of a webhook from the items it carries.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "simulator/business_number.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

// One message or one status on its way to the webhook.
struct WebhookItem {
    enum class Kind { message, status };

    Kind kind = Kind::message;
    std::string wamid;
    std::string phone_number_id;
    std::string user;  // digits or BSUID
    std::string lane;  // items of one lane are delivered one after another
    std::string url;   // where it goes; empty: to the app's webhook
    Json element;      // of messages[] or statuses[]
    Json contact;      // of contacts[]; null: none
};

using NumberLookup = std::function<SimulatorNumber(const std::string& phone_number_id)>;

// One entry per WABA, one change per number and kind, contacts once per user; the order of the items is kept.
Json webhook_body(const std::vector<WebhookItem>& items, const NumberLookup& number);

}  // namespace parley::sim
