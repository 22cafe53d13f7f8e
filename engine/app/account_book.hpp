// AccountBook: the stored accounts with their secrets opened, and why some of them do not answer.
//
// Threads   Any but the spine's: it asks the store, which blocks.
#pragma once

#include <map>
#include <mutex>

#include "admin/account_directory.hpp"
#include "app/account_deployments.hpp"
#include "base/random.hpp"

namespace parley {

class AccountBook {
  public:
    // All outlive the book.
    AccountBook(SealingKeys keys, AccountStore& store, const Clock& clock, Random& random)
        : keys_(std::move(keys)), store_(store), clock_(clock), random_(random) {}

    bool has_key() const noexcept { return !keys_.empty(); }

    // Seals with the first key what another one sealed; how many accounts that were. Those that no key opens stay.
    Result<std::size_t> seal_again();

    // See add_accounts() of account_deployments.hpp.
    Result<> add_to(Config& config);

    Result<std::vector<StoredAccount>> rows() { return store_.accounts(); }
    AccountResult<StoredAccount> row(const DeploymentId& id);  // not_found
    AccountResult<StoredAccount> put(StoredAccount account);   // changed now
    Result<> remove(const DeploymentId& id);

    void seal(StoredAccount& account, std::string_view field, const Secret& text);  // an empty one removes it
    Result<Secret> open(const StoredAccount& account, std::string_view field) const {
        return open_field(account, field, keys_);
    }

    void set_problem(const DeploymentId& id, std::string why);  // empty: none any more
    AccountView view(const StoredAccount& account) const;

    AccountStore& store() { return store_; }

  private:
    const SealingKeys keys_;
    AccountStore& store_;
    const Clock& clock_;
    Random& random_;
    mutable std::mutex mutex_;  // guards problems_
    std::map<DeploymentId, std::string> problems_;
};

}  // namespace parley
