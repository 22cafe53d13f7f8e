#include "whatsapp/item_routing.hpp"

#include <algorithm>

#include "whatsapp/item_event.hpp"

namespace parley {
namespace {

bool may_serve(const Deployment& deployment, const Sealing& sealing) {
    if (sealing.only && sealing.only->id != deployment.id) return false;
    return !sealing.is_signed ||
           std::find(sealing.apps.begin(), sealing.apps.end(), deployment.app) != sealing.apps.end();
}

Routing route_to(DeploymentPtr deployment, const Sealing& sealing) {
    if (!deployment) return {Claim::unrouted, nullptr};
    if (!may_serve(*deployment, sealing)) return {Claim::refused, nullptr};
    if (!deployment->takes_messages) return {Claim::unrouted, nullptr};
    return {Claim::routed, std::move(deployment)};
}

Routing route_account(const std::string& waba_id, const AccountRegistry& accounts, const Sealing& sealing) {
    Routing routing;
    if (waba_id.empty()) return routing;
    for (const DeploymentPtr& deployment : accounts.all()) {
        if (deployment->waba_id != waba_id) continue;
        if (may_serve(*deployment, sealing)) return {Claim::routed, nullptr};
        routing.claim = Claim::refused;
    }
    return routing;
}

}  // namespace

std::vector<DeploymentPtr> listeners(const WebhookItem& item, const AccountRegistry& accounts,
                                     const Sealing& sealing) {
    std::vector<DeploymentPtr> all;
    for (const DeploymentPtr& deployment : accounts.all())
        if (deployment->waba_id == item.waba_id && may_serve(*deployment, sealing) &&
            is_for_agent(item, deployment.get()))
            all.push_back(deployment);
    return all;
}

Routing route_item(WebhookItem& item, const AccountRegistry& accounts, const Sealing& sealing) {
    if (!item.channel.empty()) return route_to(accounts.by_channel(item.channel), sealing);
    if (item.kind == ItemKind::change && item.field != "messages")
        return route_account(item.waba_id, accounts, sealing);
    Routing routing = route_to(sealing.only ? sealing.only : accounts.fallback(), sealing);
    if (routing.deployment) item.channel = routing.deployment->channel;
    return routing;
}

}  // namespace parley
