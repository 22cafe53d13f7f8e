#include "whatsapp/proxy_answers.hpp"

#include "whatsapp/graph_answer.hpp"
#include "whatsapp/graph_call.hpp"

namespace parley {

HttpResponse graph_refusal(int status, int code, const std::string& message, const std::string& details) {
    GraphJson error{{"message", message}, {"type", "OAuthException"}, {"code", code}};
    if (!details.empty()) error["error_data"] = {{"messaging_product", "whatsapp"}, {"details", details}};
    error["fbtrace_id"] = "parley";
    const GraphJson body{{"error", std::move(error)}};
    return HttpResponse::json(status, body.dump(-1, ' ', false, GraphJson::error_handler_t::replace));
}

HttpResponse wrong_token() {
    return graph_refusal(
        401, 190,
        "Invalid OAuth access token: send the deployment's proxy_token as Authorization: Bearer, to "
        "the phone_number_id of that deployment");
}

HttpResponse not_passed(const std::string& what) {
    return graph_refusal(403, 10, "(#10) The Graph proxy does not pass this on", what);
}

HttpResponse bad_parameter(const std::string& details) {
    return graph_refusal(400, 100, "(#100) Invalid parameter", details);
}

HttpResponse taken(const std::string& wamid, const std::string& input, const Recipient& to,
                   bool is_template) {
    GraphJson contact{{"input", input}};
    if (!to.wa_id.empty())
        contact["wa_id"] = to.wa_id;
    else
        contact["user_id"] = to.user_id;
    GraphJson message{{"id", wamid}};
    if (is_template) message["message_status"] = "accepted";
    const GraphJson body{{"messaging_product", "whatsapp"},
                         {"contacts", GraphJson::array({std::move(contact)})},
                         {"messages", GraphJson::array({std::move(message)})}};
    return HttpResponse::json(200, body.dump(-1, ' ', false, GraphJson::error_handler_t::replace));
}

HttpResponse refused_send(const SendEnding& ending) {
    if (!ending.answer.empty() && member_of(parse_answer(ending.answer), "error").is_object())
        return HttpResponse::json(ending.status >= 400 ? ending.status : 400, ending.answer);
    return graph_refusal(
        400, ending.code != 0 ? ending.code : 131000,
        "(#" + std::to_string(ending.code != 0 ? ending.code : 131000) + ") Message not sent", ending.reason);
}

HttpResponse passed_on(const HttpOutcome& outcome, std::string_view token) {
    if (!outcome.reply) {
        std::string reason = outcome.failure.reason;
        blot_out(reason, token);
        return graph_refusal(502, 2, "Graph cannot be reached now", reason);
    }
    HttpResponse response;
    response.status = outcome.reply->status;
    response.body = outcome.reply->body;
    blot_out(response.body, token);
    if (const std::string type = outcome.reply->header("content-type"); !type.empty())
        response.content_type = type;
    for (const char* name : {"retry-after", "x-business-use-case-usage", "facebook-api-version"})
        if (std::string value = outcome.reply->header(name); !value.empty())
            response.headers.emplace_back(name, std::move(value));
    return response;
}

}  // namespace parley
