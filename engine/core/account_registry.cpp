#include "core/account_registry.hpp"

namespace parley {

struct AccountRegistry::Tables {
    std::vector<DeploymentPtr> all;
    std::unordered_map<PhoneNumberId, DeploymentPtr> by_channel;
    std::unordered_map<DeploymentId, DeploymentPtr> by_id;
    DeploymentPtr fallback;
};

void AccountRegistry::replace(std::vector<Deployment> deployments) {
    auto fresh = std::make_shared<Tables>();
    for (Deployment& deployment : deployments) {
        auto shared = std::make_shared<const Deployment>(std::move(deployment));
        fresh->by_channel[shared->channel] = shared;
        fresh->by_id[shared->id] = shared;
        if (shared->is_default) fresh->fallback = shared;
        fresh->all.push_back(std::move(shared));
    }
    const std::lock_guard lock(mutex_);
    tables_ = std::move(fresh);
}

DeploymentPtr AccountRegistry::by_channel(const PhoneNumberId& channel) const {
    const auto now = tables();
    if (!now) return nullptr;
    const auto found = now->by_channel.find(channel);
    return found == now->by_channel.end() ? nullptr : found->second;
}

DeploymentPtr AccountRegistry::by_id(const DeploymentId& id) const {
    const auto now = tables();
    if (!now) return nullptr;
    const auto found = now->by_id.find(id);
    return found == now->by_id.end() ? nullptr : found->second;
}

DeploymentPtr AccountRegistry::fallback() const {
    const auto now = tables();
    return now ? now->fallback : nullptr;
}

std::vector<DeploymentPtr> AccountRegistry::all() const {
    const auto now = tables();
    return now ? now->all : std::vector<DeploymentPtr>{};
}

std::shared_ptr<const AccountRegistry::Tables> AccountRegistry::tables() const {
    const std::lock_guard lock(mutex_);
    return tables_;
}

}  // namespace parley
