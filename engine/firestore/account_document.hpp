// An account, and what is kept of a number, as documents that a person can read.
//
// Account   whatsapp_accounts/{deployment_id}. phone_number and business_name are copies out of details_json, for
//           readers; what is sealed stays so in the map `sealed`.
// Number    whatsapp_numbers/{phone_number_id}: which account has it, and the calls that Meta counts, which outlive it.
#pragma once

#include "base/result.hpp"
#include "core/account_store.hpp"
#include "firestore/value.hpp"

namespace parley::firestore {

inline constexpr const char* accounts_collection = "whatsapp_accounts";
inline constexpr const char* numbers_collection = "whatsapp_numbers";

// `write_id` tells this writing from others.
Json account_fields(const StoredAccount& account, const std::string& write_id);
// corrupt: a field is missing or cannot be read; says which.
Result<StoredAccount> read_account(const std::string& id, const Json& fields);
// Documents of other programs, in the same collection, have no version.
bool is_account(const Json& fields);

Json history_fields(const PhoneNumberId& number, const SetupHistory& history);
SetupHistory read_history(const Json& fields);

// What Firestore takes as the id of a document.
bool is_document_id(std::string_view id) noexcept;

}  // namespace parley::firestore
