// Graph's errors.
#include "simulator/graph_error.hpp"

#include <algorithm>
#include <iterator>

namespace parley::sim {
namespace {

struct Known {
    int code;
    int http_status;
    bool transient;
    const char* title;
    const char* details;
};

constexpr Known known_errors[] = {
    {0, 401, false, "AuthException", ""},
    {1, 400, false, "An unknown error occurred", ""},
    {2, 503, true, "Service temporarily unavailable", ""},
    {3, 500, false, "Application does not have the capability to make this API call.", ""},
    {4, 400, true, "Application request limit reached", ""},
    {10, 403, false, "Application does not have permission for this action", ""},
    {100, 400, false, "Invalid parameter", ""},
    {190, 401, false, "Invalid OAuth access token - Cannot parse access token", ""},
    {200, 403, false, "Permissions error", ""},
    {368, 403, false, "Temporarily blocked for policies violations", ""},
    {2200, 400, false, "Callback verification failed", ""},
    {80007, 400, true, "Rate limit issues", ""},
    {80008, 400, true, "There have been too many calls to this WhatsApp Business account.", ""},
    {130429, 400, false, "Rate limit hit", "Cloud API message throughput has been reached."},
    {130472, 400, false, "User's number is part of an experiment", ""},
    {131000, 500, false, "Something went wrong", "Message failed to send due to an unknown error."},
    {131005, 403, false, "Access denied", ""},
    {131008, 400, false, "Required parameter is missing", ""},
    {131009, 400, false, "Parameter value is not valid", ""},
    {131016, 500, true, "Service unavailable", "A service is temporarily unavailable."},
    {131021, 400, false, "Recipient cannot be sender", "Sender and recipient phone number is the same."},
    {131026, 400, false, "Message undeliverable", "Message Undeliverable."},
    {131030, 400, false, "Recipient phone number not in allowed list", ""},
    {131031, 403, false, "Business Account locked", ""},
    {131037, 400, false, "Display name approval required", ""},
    {131042, 400, false, "Business eligibility payment issue", ""},
    {131045, 500, false, "Incorrect certificate", ""},
    {131047, 400, false, "Re-engagement message",
     "Message failed to send because more than 24 hours have passed since the customer last replied to this "
     "number."},
    {131048, 400, false, "Spam rate limit hit", ""},
    {131049, 400, false, "Meta chose not to deliver.", ""},
    {131050, 400, false, "User has stopped marketing messages", ""},
    {131051, 400, false, "Unsupported message type", "Message type is not currently supported."},
    {131053, 400, false, "Media upload error", ""},
    {131056, 400, false, "(Business Account, Consumer Account) pair rate limit hit",
     "Message failed to send because there were too many messages sent from this phone number to the same "
     "phone number "
     "in a short period of time."},
    {131057, 500, true, "Account in maintenance mode", ""},
    {131059, 400, false, "Invalid paging cursor", ""},
    {132000, 400, false, "Number of parameters does not match the expected number of params", ""},
    {132001, 404, false, "Template name does not exist in the translation", ""},
    {132015, 400, false, "Template is paused", ""},
    {132016, 400, false, "Template is disabled", ""},
    {133000, 500, false, "Incomplete deregistration", "Deregister the number again before registering it."},
    {133004, 503, true, "Server temporarily unavailable", ""},
    {133005, 400, false, "Two-step verification PIN mismatch", "The two-step verification PIN is wrong."},
    {133006, 400, false, "Phone number re-verification needed",
     "The phone number must be verified before it is registered."},
    {133008, 400, false, "Too many two-step verification PIN guesses", "Try again in 1 hour."},
    {133009, 400, false, "Two-step verification PIN guessed too fast", "Try again in a minute."},
    {133010, 400, false, "Phone number not registered",
     "The phone number is not registered on the platform."},
    {133015, 400, false, "Phone number was deleted recently", "Try again in 5 minutes."},
    {133016, 400, false, "Account register deregister rate limit exceeded",
     "There were too many attempts for this phone number in a short time."},
    {136024, 400, false, "Request code error", ""},
    {136025, 400, false, "Verify code error", ""},
};

// Graph writes the oldest, platform-wide codes without the "(#code) " prefix.
bool has_prefix(int code) {
    return code > 2 && code != 190;
}

}  // namespace

GraphError graph_error(int code, std::string details) {
    GraphError error;
    error.code = code;
    error.http_status = code < 10 ? 500 : 400;
    error.title = "Unknown error";
    const auto* known = std::find_if(std::begin(known_errors), std::end(known_errors),
                                     [&](const Known& row) { return row.code == code; });
    if (known != std::end(known_errors)) {
        error.http_status = known->http_status;
        error.transient = known->transient;
        error.title = known->title;
        if (details.empty()) details = known->details;
    }
    error.details = std::move(details);
    error.message = (has_prefix(code) ? "(#" + std::to_string(code) + ") " : "") + error.title;
    return error;
}

GraphError parameter_error(std::string text) {
    GraphError error = graph_error(100);
    error.message = "(#100) " + std::move(text);
    return error;
}

GraphError unknown_object(std::string_view id) {
    GraphError error = graph_error(100);
    error.subcode = 33;
    error.type = "GraphMethodException";
    error.message =
        "Unsupported post request. Object with ID '" + std::string(id) +
        "' does not exist, cannot be loaded due to missing permissions, or does not support this operation";
    return error;
}

GraphError account_error(int code, int subcode, std::string user_message) {
    GraphError error = graph_error(code);
    error.subcode = subcode;
    error.user_message = std::move(user_message);
    return error;
}

GraphError bad_token() {
    return graph_error(190);
}

GraphError expired_token() {
    GraphError error = graph_error(190);
    error.subcode = 463;
    error.message = "Error validating access token: Session has expired.";
    return error;
}

std::string error_body(const GraphError& error, const std::string& trace_id) {
    Json body{{"message", error.message}, {"type", error.type}, {"code", error.code}};
    if (error.subcode != 0) body["error_subcode"] = error.subcode;
    if (error.transient) body["is_transient"] = true;
    if (!error.details.empty())
        body["error_data"] = {{"messaging_product", "whatsapp"}, {"details", error.details}};
    if (!error.user_message.empty()) {
        body["error_user_title"] = error.title;
        body["error_user_msg"] = error.user_message;
    }
    body["fbtrace_id"] = trace_id;
    return to_text(Json{{"error", std::move(body)}});
}

std::string authenticate_header(const GraphError& error) {
    std::string message;
    for (const char c : error.message) {
        // A header is one line, and what was quoted from the request must not end the quoted string.
        if (c == '"' || c == '\\') message += '\\';
        message += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return "OAuth \"Facebook Platform\" \"" +
           std::string(error.code == 190 ? "invalid_token" : "invalid_request") + "\" \"" + message + '"';
}

Json status_error(const GraphError& error) {
    Json element{{"code", error.code}, {"title", error.title}, {"message", error.title}};
    if (!error.details.empty()) element["error_data"] = {{"details", error.details}};
    element["href"] = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
    return element;
}

}  // namespace parley::sim
