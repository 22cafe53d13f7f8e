// Which deployment answers for which number. Read on every message, replaced as a whole on reload.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/account.hpp"

namespace parley {

using DeploymentPtr = std::shared_ptr<const Deployment>;

// Any thread. A DeploymentPtr stays valid while it is held, also over replace().
class AccountRegistry {
  public:
    // Replaces all. Two deployments with one number are a fault of the caller: configuration refuses them.
    void replace(std::vector<Deployment> deployments);

    DeploymentPtr by_channel(const PhoneNumberId& channel) const;  // null: nobody answers for it
    DeploymentPtr by_id(const DeploymentId& id) const;             // null: unknown
    DeploymentPtr fallback() const;                                // the one with `default: true`, or null
    std::vector<DeploymentPtr> all() const;                        // in the order given

  private:
    struct Tables;
    std::shared_ptr<const Tables> tables() const;

    mutable std::mutex mutex_;
    std::shared_ptr<const Tables> tables_;
};

}  // namespace parley
