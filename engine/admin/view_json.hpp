// What the API's pages share: JSON in the order it was written, and answers that a fault does not spoil.
#pragma once

#include <functional>
#include <optional>

#include <nlohmann/json.hpp>

#include "admin/engine_view.hpp"
#include "net/http_message.hpp"

namespace parley {

using Json = nlohmann::ordered_json;

// Bytes that are no text become U+FFFD.
HttpResponse json_response(int status, const Json& body);

Json text_or_null(const std::string& text);  // null for an empty one

Json to_json(const AgentView& agent);

// What `answer` gives; when it throws, a 500 and a line in the log: a fault spoils one answer, not the engine.
HttpResponse answer_safely(std::string_view request_id, const std::function<HttpResponse()>& answer);
// The same of what responds by itself: nothing, or the 500 that is left to be answered.
std::optional<HttpResponse> failure_of(std::string_view request_id, const std::function<void()>& work);

}  // namespace parley
