// A Graph call beside the send endpoint, and what comes of it.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "simulator/graph_error.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

// {method} /{version}/{node}[/{edge}][?query]
struct GraphCall {
    std::string_view method;
    std::string version, node, edge;
    std::string_view authorization;  // the whole header
    std::string_view query, content_type, body;
    std::string origin;  // "http://host:port" as the client wrote it; media URLs begin with it
};

struct GraphBody {
    Json body;
    int status = 200;  // partial failures have a body of their own and another status
};

// A webhook URL of an account's own, or of the app: it is verified by GET before the call that names it is answered.
struct Handshake {
    std::string node, url, verify_token;
    std::string fields;  // of the app
};

using GraphReply = std::variant<GraphBody, GraphError, Handshake>;

inline GraphReply success() {
    return GraphBody{{{"success", true}}};
}

}  // namespace parley::sim
