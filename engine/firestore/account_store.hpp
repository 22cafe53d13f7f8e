// FirestoreAccountStore: the accounts of the API as documents of a Firestore database.
//
// A number belongs to one account, whoever writes at the same time: the account's document and that of its number change
// in one commit, each only if it is as it was read. An account is written with an id of this writing, by which it is
// recognised when the answer to a commit was lost.
//
// Errors    As the port says; unavailable may mean here that the change was made and its answer lost: the message says so,
//           and the next call sees what is true. invalid_input: Firestore does not take such a name.
#pragma once

#include <mutex>
#include <set>

#include "core/account_store.hpp"
#include "firestore/client.hpp"

namespace parley::firestore {

class FirestoreAccountStore final : public AccountStore {
  public:
    // Both outlive the store.
    FirestoreAccountStore(Client& client, Random& random) : client_(client), random_(random) {}

    Result<std::vector<StoredAccount>> accounts() override;
    Result<StoredAccount> put_account(StoredAccount account) override;
    Result<> remove_account(const DeploymentId& id) override;
    Result<SetupHistory> setup_history(const PhoneNumberId& number) override;
    Result<> put_setup_history(const PhoneNumberId& number, const SetupHistory& history) override;

  private:
    struct Known {
        Document account, number;  // the latter empty when the account has none
    };
    Result<Known> read(const DeploymentId& id, const PhoneNumberId& number);
    Result<> check(const StoredAccount& account, const Known& known);
    Result<std::string> owner_of(const Document& number);
    Result<> write(const StoredAccount& account, const std::string& write_id, const Known& known);
    Result<> try_remove(const DeploymentId& id);
    Json release(const std::string& number) const;
    void note_foreign(const std::string& id);

    Client& client_;
    Random& random_;
    std::mutex mutex_;
    std::set<std::string> foreign_;  // documents of other programs, each told of once
};

}  // namespace parley::firestore
