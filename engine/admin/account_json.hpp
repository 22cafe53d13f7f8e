// Accounts and their health as the API shows them. Tokens and PINs are in nothing that gets here.
#pragma once

#include "admin/account_directory.hpp"
#include "admin/view_json.hpp"
#include "core/number_records.hpp"

namespace parley {

Json to_json(const AccountView& account);

struct HealthParts {
    AccountView account;
    NumberTraffic traffic;  // of the last 24 hours
    NumberBacklog backlog;
    AgentView agent;
    std::string trouble;                             // why nothing is sent now; empty: it is
    std::optional<AccountResult<NumberFacts>> meta;  // none: it has no number yet
};

// What each side says, and from it a verdict with what to do: healthy, degraded, or unhealthy.
Json health_json(const HealthParts& parts);

}  // namespace parley
