// What one send is while the pretended cloud deals with it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/graph_error.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

struct Send {  // one call of the send endpoint
    const std::string& phone_number_id;
    std::string to;  // digits or BSUID; may be empty
    const Json& body;
    std::string_view raw;
    std::string_view traceparent;
};

struct Verdict {
    std::optional<GraphError> refused;  // not accepted
    std::optional<GraphError> later;    // accepted, then failed
};

struct Sent {
    std::string wamid, phone_number_id, user, callback;
    bool by_phone = true;
    bool reaction = false;
};

struct StatusStep {
    std::shared_ptr<const Sent> sent;
    std::string status;
    std::optional<GraphError> error;
};

}  // namespace parley::sim
