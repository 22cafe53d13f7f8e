#include "host/host_http.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <simdjson.h>

#include "base/json_text.hpp"
#include "core/message_log.hpp"
#include "host/host_services.hpp"
#include "host/host_text.hpp"

namespace parley {
namespace {

constexpr std::size_t max_request_json = 64U << 10;
constexpr std::size_t max_request_body = 16U << 20;
constexpr std::size_t max_response = 8U << 20;
constexpr std::size_t max_headers = 64;

Error refusal(std::string sentence) {
    return {Errc::invalid_input, std::move(sentence)};
}

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    const auto allowed = [&](unsigned char c) {
        return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= 256 && std::all_of(text.begin(), text.end(), allowed);
}

bool is_header_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

std::string lowered(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

// Headers that say where the request goes or where it ends are the client's own.
bool is_reserved(const std::string& name) {
    constexpr std::array<std::string_view, 6> reserved{"host",       "content-length", "transfer-encoding",
                                                       "connection", "upgrade",        "te"};
    return std::find(reserved.begin(), reserved.end(), lowered(name)) != reserved.end();
}

Result<> read_headers(simdjson::dom::object headers, const AgentPolicy& policy, HttpCall& call) {
    for (const auto& [key, value] : headers) {
        const std::string name(key);
        std::string_view text;
        if (!is_token(name) || is_reserved(name))
            return refusal("the header name \"" + name + "\" cannot be used");
        if (value.get(text) != simdjson::SUCCESS) return refusal("header " + name + " must be a string");
        auto filled = fill_secrets(text, policy.secrets);
        if (!filled) return filled.error();
        if (!is_header_value(*filled)) return refusal("header " + name + " holds control characters");
        if (call.headers.size() == max_headers) return refusal("more than 64 headers");
        call.headers.emplace_back(name, std::move(*filled));
    }
    return {};
}

Result<HttpCall> read_request(std::string_view json, const AgentPolicy& policy, Millis remaining) {
    thread_local simdjson::dom::parser parser;
    simdjson::dom::object request;
    if (json.empty() || json.size() > max_request_json || parser.parse(json.data(), json.size()).get(request))
        return refusal("request_json must be a JSON object of at most 64 KiB");
    HttpCall call;
    std::string_view url;
    if (request["url"].get(url)) return refusal("url must be a string");
    call.url = url;
    if (const auto method = request["method"]; method.error() != simdjson::NO_SUCH_FIELD) {
        std::string_view text;
        if (method.get(text) || !is_token(text)) return refusal("method must be a word such as POST");
        call.method = text;
    }
    call.timeout = remaining;
    if (const auto timeout = request["timeout_ms"]; timeout.error() != simdjson::NO_SUCH_FIELD) {
        std::uint64_t ms = 0;
        if (timeout.get(ms) || ms == 0) return refusal("timeout_ms must be a whole number from 1");
        call.timeout =
            std::min(remaining, Millis{static_cast<std::int64_t>(std::min<std::uint64_t>(ms, 86'400'000))});
    }
    call.connect_timeout = std::min(call.connect_timeout, call.timeout);
    call.max_response = max_response;
    call.allow_private_network = policy.allow_private_networks;
    if (const auto headers = request["headers"]; headers.error() != simdjson::NO_SUCH_FIELD) {
        simdjson::dom::object object;
        if (headers.get(object)) return refusal("headers must be an object of strings");
        if (const auto read = read_headers(object, policy, call); !read) return read.error();
    }
    return call;
}

// An agent that traces by itself has its own spans.
void add_trace(HttpCall& call, const TurnEvent& event, std::uint64_t span) {
    const bool has_own = std::any_of(call.headers.begin(), call.headers.end(), [](const auto& header) {
        return lowered(header.first) == "traceparent";
    });
    if (has_own || event.trace_id.is_none()) return;
    call.headers.emplace_back("traceparent", to_traceparent(event.trace_id, span));
}

std::string to_headers_json(const HttpHeaders& headers) {
    std::map<std::string_view, std::string> merged;
    for (const auto& [name, value] : headers) {
        std::string& text = merged[name];
        text += text.empty() ? value : ", " + value;
    }
    std::string json = "{";
    for (const auto& [name, value] : merged) {
        if (json.size() > 1) json += ',';
        append_json_string(json, name);
        json += ':';
        append_json_string(json, value);
    }
    return json + "}";
}

OperationResult to_result(HttpOutcome outcome) {
    if (outcome.reply)
        return {PARLEY_OK, outcome.reply->status, to_headers_json(outcome.reply->headers),
                std::move(outcome.reply->body)};
    const HttpFailure& failure = outcome.failure;
    parley_status status = PARLEY_INTERNAL;
    if (failure.timed_out) status = PARLEY_TIMEOUT;
    if (failure.denied) status = PARLEY_DENIED;
    if (failure.kind == HttpFailure::Kind::too_large) status = PARLEY_LIMIT;
    if (failure.kind == HttpFailure::Kind::cancelled) status = PARLEY_CANCELLED;
    return {status, 0, {}, failure.reason};
}

const char* word_for(parley_status status) {
    switch (status) {
        case PARLEY_OK:
            return "answered";
        case PARLEY_TIMEOUT:
            return "timeout";
        case PARLEY_DENIED:
            return "denied";
        case PARLEY_LIMIT:
            return "too_large";
        case PARLEY_CANCELLED:
            return "cancelled";
        default:
            return "failed";
    }
}

// Notes the answer of one exchange of a recorded turn; does nothing for others.
class TracedExchange {
  public:
    TracedExchange(std::shared_ptr<TurnTrace> trace, const HttpCall& call, const Clock& clock)
        : trace_(std::move(trace)), clock_(clock) {
        if (trace_) number_ = trace_->http_begins(call.method, call.url, call.body, clock.mono());
    }
    void ended(const OperationResult& result) const {
        if (!trace_) return;
        HttpExchange answer;
        answer.end = word_for(result.status);
        answer.status = result.http_status;
        answer.headers = result.headers_json;
        answer.answer = result.body;
        trace_->http_ended(number_, std::move(answer), clock_.mono());
    }

  private:
    const std::shared_ptr<TurnTrace> trace_;
    const Clock& clock_;
    std::size_t number_ = 0;
};

void start_call(HostServices& host, parley_op op, HttpCall call, std::shared_ptr<TurnTrace> trace) {
    const std::shared_ptr<Operations> operations = host.operations();
    HttpClient& client = host.ports().http;
    TracedExchange exchange(std::move(trace), call, host.ports().clock);
    const HttpCallId id =
        client.start(std::move(call), [weak = std::weak_ptr(operations), op, exchange](HttpOutcome outcome) {
            OperationResult result = to_result(std::move(outcome));
            exchange.ended(result);
            if (const auto alive = weak.lock()) alive->complete(op, std::move(result));
        });
    operations->set_abort(op, [&client, id] { client.cancel(id); });
}

parley_status start_request(HostServices& host, parley_turn turn, parley_str request_json,
                            parley_str body_text, parley_op* op) {
    std::string_view json;
    std::string_view body;
    if (op == nullptr || !read_parley_str(request_json, json) || !read_parley_str(body_text, body))
        return PARLEY_INVALID;
    parley_status status = PARLEY_STALE;
    OperationOwner owner;
    const TurnPtr open = host.open_turn(turn, status, &owner);
    if (!open) return status;
    const auto remaining = std::chrono::duration_cast<Millis>(open->deadline() - host.ports().clock.mono());
    if (!open->is_open() || remaining <= Millis{0}) return PARLEY_STALE;
    if (body.size() > max_request_body) return PARLEY_LIMIT;

    const auto policy = host.policy();
    auto call = read_request(json, *policy, remaining);
    const auto target = call ? parse_url_target(call->url) : Result<UrlTarget>(call.error());
    if (!target) {
        host.refused("agent request invalid", target.error().message(), &open->event());
        return PARLEY_INVALID;
    }
    if (const auto allowed = check_target(*policy, *target); !allowed) {
        host.refused("agent request denied", allowed.error().message(), &open->event());
        return PARLEY_DENIED;
    }
    call->body = body;

    const parley_op id = host.operations()->open(owner);
    if (id == 0) return PARLEY_LIMIT;
    // The turn may have ended meanwhile; if its end saw the operation, that completes as cancelled.
    if (host.turns().find(turn).state != TurnTable::State::open && host.withdraw(id)) return PARLEY_STALE;
    *op = id;
    const TurnEvent& event = open->event();
    add_trace(*call, event, make_span(event.trace_id, id, to_mono_ns(host.ports().clock.mono())));
    log_about(LogLevel::debug, "agent request", event,
              {{"agent", host.identity().agent}, {"method", call->method}, {"host", target->host}});
    start_call(host, id, std::move(*call), open->event().trace);
    return PARLEY_OK;
}

parley_status request(void* ctx, parley_turn turn, parley_str request_json, parley_str body, parley_op* op) {
    try {
        return start_request(*static_cast<HostServices*>(ctx), turn, request_json, body, op);
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

}  // namespace

const parley_http host_http_table{sizeof(parley_http), request, cancel_operation};

}  // namespace parley
