// FakeAccountStore: the port on plain maps, for tests of what uses it. It passes the same contract suite as SqliteStore.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

#include "core/account_store.hpp"

namespace parley::fakes {

class FakeAccountStore final : public AccountStore {
  public:
    std::optional<Error> refusal;  // of every call, while it is set

    Result<std::vector<StoredAccount>> accounts() override {
        const std::lock_guard lock(mutex_);
        if (refusal) return *refusal;
        std::vector<StoredAccount> all;
        for (const auto& [id, one] : accounts_) all.push_back(one);
        return all;
    }
    Result<StoredAccount> put_account(StoredAccount account) override {
        const std::lock_guard lock(mutex_);
        if (refusal) return *refusal;
        const auto known = accounts_.find(account.id);
        if ((known == accounts_.end() ? 0 : known->second.version) != account.version)
            return Error(Errc::conflict, "the account " + account.id.str() + " exists, or was changed");
        for (const auto& [id, other] : accounts_)
            if (id != account.id && !account.channel.empty() && other.channel == account.channel)
                return Error(Errc::conflict, "the number belongs to the account " + id.str());
        if (known != accounts_.end()) account.created_at = known->second.created_at;
        ++account.version;
        return accounts_.insert_or_assign(account.id, account).first->second;
    }
    Result<> remove_account(const DeploymentId& id) override {
        const std::lock_guard lock(mutex_);
        if (refusal) return *refusal;
        accounts_.erase(id);
        return {};
    }
    Result<CallAllowance> count_call(const std::string& number, const CallBudget& budget,
                                     WallTime now) override {
        const std::lock_guard lock(mutex_);
        if (refusal) return *refusal;
        std::vector<WallTime>& made = calls_[{number, budget.kind}];
        std::erase_if(made, [&](WallTime at) { return at <= now - budget.within; });
        CallAllowance allowance{made.size() < budget.calls, 0, {}};
        if (allowance.is_allowed) made.push_back(now);
        std::sort(made.begin(), made.end());
        allowance.left = budget.calls - static_cast<unsigned>(made.size());
        if (allowance.left == 0) allowance.next = made.front() + budget.within;
        return allowance;
    }

  private:
    std::mutex mutex_;
    std::map<DeploymentId, StoredAccount> accounts_;
    std::map<std::pair<std::string, std::string>, std::vector<WallTime>> calls_;
};

}  // namespace parley::fakes
