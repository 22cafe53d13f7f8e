// The accounts created by the API as deployments, beside those of the file.
#pragma once

#include <vector>

#include "app/config.hpp"
#include "base/crypto/sealing.hpp"
#include "core/account_store.hpp"

namespace parley {

// Why an account is not among the deployments now.
struct AccountProblem {
    DeploymentId id;
    std::string why;
};

// The names of what is sealed of an account.
namespace account_field {
inline constexpr const char* access_token = "access_token";
inline constexpr const char* app_secret = "app_secret";
inline constexpr const char* config = "config";    // of its agent
inline constexpr const char* pin = "pin";          // of its number
inline constexpr const char* request = "request";  // that created it
}  // namespace account_field

// What an envelope is bound to.
std::string sealing_place(const DeploymentId& account, std::string_view field);

// Empty when the account has no such field.
Result<Secret> open_field(const StoredAccount& account, std::string_view field, const SealingKeys& keys);

// Adds a deployment for each account that has a number, and the app it brought. Accounts whose rows cannot be read are
// left out and told. invalid_input: the configuration does not fit the accounts (no key, another key, a name or a
// number that an account has already); nothing was added.
Result<std::vector<AccountProblem>> add_accounts(Config& config, const std::vector<StoredAccount>& accounts,
                                                 const SealingKeys& keys);

// Takes out what add_accounts() put in.
void remove_accounts(Config& config);

// Where files named in the settings of accounts start; empty: they may name none.
std::filesystem::path account_files(const Config& config);

}  // namespace parley
