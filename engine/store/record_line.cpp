#include "store/record_line.hpp"

#include <charconv>

#include "base/crypto/hmac.hpp"
#include "store/redaction.hpp"

namespace parley {
namespace {

using Json = Redactor::Json;

constexpr std::size_t longest_request = 16U << 10;
constexpr std::size_t longest_answer = 256U << 10;

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_utf8(const std::string& text) {
    try {
        (void)Json(text).dump();
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

std::string to_hex_text(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char c : bytes) {
        hex += digits[static_cast<unsigned char>(c) >> 4U];
        hex += digits[static_cast<unsigned char>(c) & 15U];
    }
    return hex;
}

Json parsed(const std::string& text, const Redactor& redactor) {
    if (text.empty()) return nullptr;
    const Json json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(redactor.text(text)) : redactor.json(json);
}

// Only what says how to read the body: other headers may hold cookies and keys.
Json kept_headers(const std::string& headers_json) {
    Json kept = Json::object();
    const Json all = Json::parse(headers_json, nullptr, false);
    if (!all.is_object()) return kept;
    for (const auto& [name, value] : all.items()) {
        std::string small = name;
        for (char& c : small)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (small == "content-type" || small == "retry-after") kept[name] = value;
    }
    return kept;
}

Json to_json(const HttpExchange& one, const Redactor& redactor, std::vector<std::string>& missing) {
    Json json{{"method", one.method},
              {"url", redactor.url(one.url)},
              {"body", kept_request_body(redactor.document(one.body))},
              {"end", one.end.empty() ? "open" : one.end},
              {"took_ms", one.took.count()}};
    if (one.end.empty()) return json;
    const bool is_kept = one.answer.size() <= longest_answer && is_utf8(one.answer);
    if (!is_kept) missing.push_back("answer of " + one.method + " " + redactor.url(one.url));
    json["status"] = one.status;
    json["headers"] = kept_headers(one.headers);
    json["answer"] = is_kept ? redactor.document(one.answer) : "";
    return json;
}

void add_what_it_saw(Json& line, const TurnEvent& event, const Redactor& redactor) {
    const RecordedPerson& person = redactor.pseudonym();
    line["kind"] = static_cast<int>(event.message.kind);
    line["type"] = event.message.type;
    line["sender"] = person.wa_id.empty() ? person.user_id : person.wa_id;
    line["wa_id"] = person.wa_id;
    line["user_id"] = person.user_id;
    line["name"] = person.name;
    line["text"] = redactor.text(event.message.text);
    line["message"] = parsed(event.canonical_json, redactor);
    line["attempt"] = event.attempt;
    line["state"] = parsed(event.state.json, redactor);
    line["state_revision"] = event.state.revision;
    line["state_schema"] = event.state.schema;
    line["deadline_ms"] = event.deployment->deadline.count();
}

void add_what_it_had(Json& line, const TurnTrace::Content& content, const Redactor& redactor) {
    std::vector<std::string> missing = content.missing;
    Json http = Json::array();
    for (const HttpExchange& one : content.http) http.push_back(to_json(one, redactor, missing));
    line["random"] = to_hex_text(content.random);
    line["http"] = std::move(http);
    if (!missing.empty()) line["missing"] = missing;
}

void add_what_it_said(Json& line, const TurnResult& result, const Redactor& redactor) {
    line["outcome"] = result.ok ? "answered" : "failed";
    if (!result.ok) {
        line["error"] = redactor.text(result.error);
        return;
    }
    Json replies = Json::array();
    for (const std::string& reply : result.replies) replies.push_back(parsed(reply, redactor));
    line["replies"] = std::move(replies);
    if (result.has_state) line["state_after"] = parsed(result.state_json, redactor);
    Json annotations = Json::object();
    for (const auto& [key, value] : result.annotations) annotations[key] = redactor.text(value);
    line["annotations"] = std::move(annotations);
}

}  // namespace

std::string kept_request_body(const std::string& redacted) {
    return redacted.size() <= longest_request ? redacted : "sha256:" + to_hex(sha256(redacted));
}

std::string record_header(const DeploymentId& deployment, WallTime now) {
    return dumped({{"parley_records", record_form},
                   {"deployment", deployment.str()},
                   {"began_ms", unix_ms(now)}}) +
           "\n";
}

// Only numbers stand before it, so nobody's text can be taken for it.
std::optional<ConversationId> conversation_of_line(std::string_view line) {
    constexpr std::string_view field = "\"conversation\":";
    const auto at = line.find(field);
    if (at == line.npos) return std::nullopt;
    std::int64_t number = 0;
    const char* begin = line.data() + at + field.size();
    if (std::from_chars(begin, line.data() + line.size(), number).ec != std::errc()) return std::nullopt;
    return ConversationId{number};
}

std::string to_record_line(const RecordedTurn& recorded, const std::vector<std::string>& secrets) {
    const TurnEvent& event = recorded.turn->event();
    const Party& from = event.message.from;
    const WallTime began = event.trace->began();
    const Redactor redactor({from.wa_id, from.user_id, from.name, from.parent_user_id},
                            to_int(event.conversation), began, secrets);
    Json line{{"at_ms", unix_ms(began)},
              {"received_ms", unix_ms(event.received_at)},
              {"conversation", to_int(event.conversation)},
              {"turn", to_int(event.seq)}};
    if (recorded.is_shadow) line["shadow"] = true;
    line["agent"] = {
        {"id", recorded.agent.id}, {"version", recorded.agent.version}, {"sha256", recorded.agent.sha256}};
    add_what_it_saw(line, event, redactor);
    add_what_it_had(line, event.trace->content(), redactor);
    add_what_it_said(line, recorded.result, redactor);
    line["took_ms"] = (recorded.ended - began).count();
    return dumped(line) + "\n";
}

}  // namespace parley
