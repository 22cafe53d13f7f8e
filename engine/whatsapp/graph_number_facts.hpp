// Reading what Graph tells of numbers, profiles, subscriptions and tokens.
#pragma once

#include "core/number_facts.hpp"
#include "whatsapp/graph_answer.hpp"

namespace parley {

NumberFacts read_number_facts(const GraphJson& node);
BusinessProfile read_business_profile(const GraphJson& answer);
std::vector<AppSubscription> read_subscriptions(const GraphJson& answer);
TokenFacts read_token_facts(const GraphJson& answer);

// The body that writes what is set.
GraphJson to_profile_body(const BusinessProfile& profile);

}  // namespace parley
