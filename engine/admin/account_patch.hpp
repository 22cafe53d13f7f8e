// PATCH /api/accounts/{id}: a JSON merge patch (RFC 7396) of the body that created the account.
#pragma once

#include "admin/account_directory.hpp"

namespace parley {

// What an account is before it is changed.
struct CurrentAccount {
    DeploymentId id;
    PhoneNumberId channel;  // may be empty
    std::string waba_id;
    bool is_verified = false;
    std::string request_json;  // see NewAccount
};

struct ChangedAccount {
    NewAccount account;       // as it is to be, whole
    BusinessProfile profile;  // what of it Meta has to be told
    std::string fields;       // of the patch, for the log: "agent, config"
};

// Held against the same rules as a new account. invalid_input names every wrong field, also those that cannot change.
AccountResult<ChangedAccount> read_change(const CurrentAccount& now, std::string_view patch);

bool tells_anything(const BusinessProfile& profile);

std::string etag_of(std::uint64_t version);
// Whether the header If-Match lets a change of this version happen; an empty one always does.
bool is_match(std::string_view if_match, std::uint64_t version);

}  // namespace parley
