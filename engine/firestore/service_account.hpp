// A Google service account: who signs in, and with which key.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/crypto/rsa_signer.hpp"

namespace parley::firestore {

struct ServiceAccount {
    std::string email;
    std::string key_id;
    std::string token_url;  // where its signature is exchanged for an access token
    std::string project;    // it belongs to; empty: not said
    RsaSigner key;
};

// Of the JSON file that Google's console gives for a service account. invalid_input says what is wrong with it, and never
// quotes it.
Result<ServiceAccount> parse_service_account(const Secret& json);
Result<ServiceAccount> read_service_account(const std::filesystem::path& file);

// The signed JSON web token that asks for access to Firestore; Google takes it for an hour from `now`.
Secret make_assertion(const ServiceAccount& account, WallTime now);

}  // namespace parley::firestore
