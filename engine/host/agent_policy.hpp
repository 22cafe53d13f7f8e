// What one deployment lets its agent reach over the network, and the secrets the host fills in for it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/url_target.hpp"

namespace parley {

struct AgentPolicy {
    // "api.example.com", "*.example.com" (any depth below), either with ":port". Empty: any host.
    std::vector<std::string> allowed_hosts;
    bool allow_private_networks = false;
    std::map<std::string, Secret> secrets;
};

// invalid_input, for the log, when the policy forbids the target. Names are judged as names: addresses that a
// name turns out to have are the HTTP client's to refuse.
Result<> check_target(const AgentPolicy& policy, const UrlTarget& target);

// True for localhost and literal loopback, private, link-local and unspecified addresses.
bool is_private_host(const std::string& host);

// `value` with each ${secret:NAME} replaced; not_found names a secret that the deployment does not have.
Result<std::string> fill_secrets(std::string_view value, const std::map<std::string, Secret>& secrets);

}  // namespace parley
