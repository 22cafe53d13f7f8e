// What goes into the pretended cloud and comes out of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "net/http_message.hpp"
#include "simulator/behaviour.hpp"
#include "simulator/business_number.hpp"
#include "simulator/graph_call.hpp"

namespace parley::sim {

struct CloudOptions {
    std::string webhook_url;  // shown only
    Secret app_secret;
    std::vector<SimulatorNumber> numbers;  // empty: one made-up number, and any other that is used is learned
    Behaviour behaviour;
};

// To a Graph call.
struct GraphAnswer {
    HttpResponse response;
    Millis delay{0};                     // to wait before it is given
    std::optional<Handshake> handshake;  // give no response, but what Cloud::shaken() returns
};

// To be made now; its result goes to Cloud::answered().
struct WebhookPost {
    std::uint64_t id = 0;
    std::string url;  // empty: the app's webhook
    std::string body;
    std::string signature;  // the value of X-Hub-Signature-256
    Millis timeout{0};
};

struct PostResult {
    int http_status = 0;  // 0: no answer
    std::string reason;   // why there was none, or the beginning of a refusal's body
};

}  // namespace parley::sim
