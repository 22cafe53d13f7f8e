// FakeAccountStore: the port on plain maps, for tests of what uses it. It passes the same contract suite as SqliteStore.
#pragma once

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
    Result<SetupHistory> setup_history(const PhoneNumberId& number) override {
        const std::lock_guard lock(mutex_);
        if (refusal) return *refusal;
        return histories_[number];
    }
    Result<> put_setup_history(const PhoneNumberId& number, const SetupHistory& history) override {
        const std::lock_guard lock(mutex_);
        if (refusal) return *refusal;
        histories_[number] = history;
        return {};
    }

  private:
    std::mutex mutex_;
    std::map<DeploymentId, StoredAccount> accounts_;
    std::map<PhoneNumberId, SetupHistory> histories_;
};

}  // namespace parley::fakes
