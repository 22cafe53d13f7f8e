// Which deployment an item of a webhook belongs to, and whether who signed it may speak for that number.
#pragma once

#include <span>
#include <vector>

#include "core/account_registry.hpp"
#include "core/message.hpp"

namespace parley {

enum class Claim : std::uint8_t {
    routed,    // a deployment answers for it
    unrouted,  // nobody does, yet
    refused,   // the number belongs to another app, or not to the deployment the POST was addressed to
};

struct Routing {
    Claim claim = Claim::unrouted;
    DeploymentPtr deployment;  // of routed items; null when they concern a whole WhatsApp Business Account
};

// Who a POST was addressed to and who signed it.
struct Sealing {
    DeploymentPtr only;           // of /webhook/{deployment}; null: any
    std::span<const AppId> apps;  // whose secret signed it
    bool is_signed = false;       // false: a trial on this machine, which may speak for every number
};

// The deployments of a WhatsApp Business Account whose agents ask for a change that concerns the whole account.
std::vector<DeploymentPtr> listeners(const WebhookItem& item, const AccountRegistry& accounts,
                                     const Sealing& sealing);

// Messages, statuses and errors without a number are the addressed deployment's, else the default one's, and
// get its channel. Changes of an account go to whoever has its waba_id.
Routing route_item(WebhookItem& item, const AccountRegistry& accounts, const Sealing& sealing);

}  // namespace parley
