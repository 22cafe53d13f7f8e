// The webhook's address as Meta meets it: verified with the token, signed as Meta signs, forged as others would.
#pragma once

#include <functional>
#include <string>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "net/http_client.hpp"

namespace parley::doctor {

struct Door {
    std::string url;
    const AppConfig* app = nullptr;  // whose secret signs
    Secret verify_token;
    bool is_public = true;  // Meta posts here; else it is the engine's own address
};

// When the certificate at an https:// address ends, see certificate_expiry().
using AskCertificate = std::function<Result<WallTime>(const std::string& url)>;

struct DoorPorts {
    HttpClient& http;
    const Clock& clock;
    Random& random;
    AskCertificate certificate;
};

// Stores nothing: what is posted holds no item. A forged POST shows among the refused webhooks of the engine's log. Blocks
// for four calls at most.
Report examine_door(const Door& door, const DoorPorts& ports);

}  // namespace parley::doctor
