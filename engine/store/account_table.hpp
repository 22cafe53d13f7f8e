// AccountTable: the accounts created by the API, and the calls that Meta counts.
//
// Threads   The writer, inside its transaction.
#pragma once

#include "core/account_store.hpp"
#include "store/sqlite.hpp"

namespace parley {

class AccountTable {
  public:
    Result<> open(sqlite::Database& db);

    Result<std::vector<StoredAccount>> all();
    Result<StoredAccount> put(StoredAccount account);
    void remove(const DeploymentId& id);
    Result<SetupHistory> history(const PhoneNumberId& number);
    void put_history(const PhoneNumberId& number, const SetupHistory& history);

  private:
    Result<> check(const StoredAccount& account);
    void put_secrets(const StoredAccount& account);

    sqlite::Statement all_, secrets_, version_, owner_, put_, remove_, put_secret_, remove_secrets_;
    sqlite::Statement history_, put_history_;
};

}  // namespace parley
