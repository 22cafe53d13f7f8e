// What Meta tells of a number, of its profile, of who gets its webhooks, and of a token. Meta's words are open sets and
// kept as they come; an empty text was not told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/ids.hpp"

namespace parley {

struct HealthIssue {
    std::int32_t code = 0;
    std::string description;
    std::string possible_solution;
};

struct HealthEntity {
    std::string type;  // PHONE_NUMBER, WABA, BUSINESS, APP
    std::string id;
    std::string can_send;              // AVAILABLE, LIMITED, BLOCKED
    std::vector<HealthIssue> issues;   // why it is BLOCKED
    std::vector<std::string> remarks;  // why it is LIMITED
};

struct SendingHealth {
    std::string can_send;  // the worst of the entities
    std::vector<HealthEntity> entities;
};

struct NumberFacts {
    PhoneNumberId id;
    std::string display_number;  // as people write it, +91 98000 00100
    std::string verified_name;
    std::string name_status;        // APPROVED, PENDING_REVIEW, DECLINED …
    std::string code_verification;  // VERIFIED, NOT_VERIFIED, EXPIRED
    std::string quality;            // GREEN, YELLOW, RED, UNKNOWN, NA
    std::string status;             // CONNECTED (only this sends), PENDING, DISCONNECTED, BANNED …
    std::string platform;           // CLOUD_API, ON_PREMISE, NOT_APPLICABLE
    std::string throughput;         // STANDARD, HIGH, NOT_APPLICABLE
    std::string messaging_limit;    // TIER_250 … TIER_UNLIMITED
    std::string account_mode;       // LIVE, SANDBOX
    std::optional<bool> has_pin;
    std::optional<SendingHealth> health;  // nothing in what find_number gives

    bool is_registered() const noexcept { return status == "CONNECTED"; }
    bool is_verified() const noexcept { return code_verification == "VERIFIED"; }
};

// An unset member is not told when read, and left as it is when written.
struct BusinessProfile {
    std::optional<std::string> about;                  // 1 to 139 characters
    std::optional<std::string> address;                // at most 256
    std::optional<std::string> description;            // at most 256
    std::optional<std::string> email;                  // at most 128
    std::optional<std::string> vertical;               // one of Meta's: see business_vertical.hpp
    std::optional<std::vector<std::string>> websites;  // at most 2 of 256 characters, http or https
    std::string picture_url;                           // read only
};

struct AppSubscription {
    std::string app_id;
    std::string app_name;
    std::string override_url;  // empty: the app's own URL gets the webhooks
};

struct TokenScope {
    std::string scope;                 // whatsapp_business_messaging …
    std::vector<std::string> targets;  // the WABAs it is granted for; empty: all the token can see
};

struct TokenFacts {
    bool is_valid = false;
    std::string app_id;
    std::string application;  // the app's name
    std::string type;         // SYSTEM_USER, USER, APP …
    std::vector<std::string> scopes;
    std::vector<TokenScope> granular_scopes;
    std::optional<WallTime> issued;
    std::optional<WallTime> expires;      // nothing: never
    std::optional<WallTime> data_expire;  // when access to data ends; nothing: never
    std::string problem;                  // why it is not valid
};

}  // namespace parley
