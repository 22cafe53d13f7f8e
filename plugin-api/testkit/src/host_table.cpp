// The C functions that the agent calls.
#include <algorithm>
#include <cstring>
#include <utility>

#include <nlohmann/json.hpp>

#include <parley/sdk/text.hpp>

#include "hooked.hpp"
#include "host_state.hpp"

namespace parley::testing {

namespace {

constexpr std::size_t most_of_a_log_line = 4096;
constexpr std::uint32_t longest_pause_ms = 3'600'000;
constexpr std::size_t most_of_a_state = 256 * 1024;

HostState& state_of(void* ctx) {
    return *static_cast<HostState*>(ctx);
}

std::optional<nlohmann::json> parse_object(std::string_view text) {
    auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    return json;
}

std::string member(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string readable_text(const nlohmann::json& message, const std::string& type) {
    const auto content = message.find(type);
    if (content == message.end() || !content->is_object()) return "";
    if (type == "interactive") return member(content->value("body", nlohmann::json::object()), "text");
    const std::string body = member(*content, "body");
    return body.empty() ? member(*content, "caption") : body;
}

const void* get_extension(void* ctx, const char* id) {
    HostState& state = state_of(ctx);
    if (state.options.withheld.contains(id)) return nullptr;
    if (std::strcmp(id, PARLEY_EXT_HTTP) == 0) return &state.http;
    if (std::strcmp(id, PARLEY_EXT_TIMER) == 0) return &state.timer;
    if (std::strcmp(id, PARLEY_EXT_MEDIA) == 0) return &state.media;
    if (std::strcmp(id, PARLEY_EXT_POSTPONE) == 0) return &state.postpone;
    if (std::strcmp(id, PARLEY_EXT_FOLLOWUP) == 0) return &state.followup;
    return extra_extension(state, id);
}

void write_line(void* ctx, std::int32_t level, parley_turn turn, parley_str message, parley_str fields_json) {
    if (level == PARLEY_LOG_PLUGIN_MISBEHAVING) state_of(ctx).blame(std::string(view(message)));
    state_of(ctx).log.push_back({level, turn, std::string(view(message).substr(0, most_of_a_log_line)),
                                 std::string(view(fields_json))});
}

parley_status reply(void* ctx, parley_turn turn, parley_str message_json) {
    TurnRecord* record = state_of(ctx).use(turn, "reply");
    if (!record) return PARLEY_STALE;
    const auto message = parse_object(view(message_json));
    if (!message) return PARLEY_INVALID;
    const std::string type = member(*message, "type");
    record->replies.push_back({std::string(view(message_json)), type, readable_text(*message, type)});
    return PARLEY_OK;
}

parley_status reply_text(void* ctx, parley_turn turn, parley_str text) {
    TurnRecord* record = state_of(ctx).use(turn, "reply_text");
    if (!record) return PARLEY_STALE;
    if (text.size == 0) return PARLEY_INVALID;
    std::string body(view(text));
    std::string json = R"({"type":"text","text":{"body":)" + json_string(body) + "}}";
    record->replies.push_back({std::move(json), "text", std::move(body)});
    return PARLEY_OK;
}

parley_status state_put(void* ctx, parley_turn turn, parley_str state_json) {
    TurnRecord* record = state_of(ctx).use(turn, "state_put");
    if (!record) return PARLEY_STALE;
    if (state_json.size > most_of_a_state) return PARLEY_LIMIT;
    if (!parse_object(view(state_json))) return PARLEY_INVALID;
    record->state_json = view(state_json);
    return PARLEY_OK;
}

parley_status annotate(void* ctx, parley_turn turn, parley_str key, parley_str value) {
    TurnRecord* record = state_of(ctx).use(turn, "annotate");
    if (!record) return PARLEY_STALE;
    if (key.size == 0) return PARLEY_INVALID;
    record->annotations.emplace_back(view(key), view(value));
    return PARLEY_OK;
}

parley_status finish(void* ctx, parley_turn turn, parley_status status, parley_str error) {
    HostState& state = state_of(ctx);
    TurnRecord* record = state.use(turn, "finish");
    if (!record) return PARLEY_STALE;
    record->finished = true;
    if (status == PARLEY_OK) {
        state.commit(*record);
    } else {
        HostState::discard(*record, status, std::string(view(error)));
    }
    state.close(turn);
    return PARLEY_OK;
}

parley_status extend(void* ctx, parley_turn turn, std::uint32_t ms) {
    HostState& state = state_of(ctx);
    if (!state.use(turn, "extend")) return PARLEY_STALE;
    OpenTurn& open = state.open.at(turn);
    const std::uint64_t wanted = state.now_ns + std::uint64_t{ms} * 1'000'000;
    if (wanted > open.latest_ns) return PARLEY_LIMIT;
    open.deadline_ns = std::max(open.deadline_ns, wanted);
    return PARLEY_OK;
}

std::int64_t now_unix_ms(void* ctx) {
    state_of(ctx).require_running("now_unix_ms");
    return static_cast<std::int64_t>(state_of(ctx).unix_ms());
}

std::uint64_t now_mono_ns(void* ctx) {
    state_of(ctx).require_running("now_mono_ns");
    return state_of(ctx).now_ns;
}

void random_bytes(void* ctx, void* buffer, std::size_t size) {
    state_of(ctx).require_running("random");
    auto* bytes = static_cast<unsigned char*>(buffer);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = state_of(ctx).next_byte();
}

// A request's own timeout turns an answer that would come later into TIMEOUT.
void apply_timeout(const HttpRequest& request, HttpResponse& response) {
    if (!request.timeout || response.accepted != PARLEY_OK) return;
    if (response.delay && *response.delay < *request.timeout) return;
    response = {.status = PARLEY_TIMEOUT,
                .body = "no answer within " + std::to_string(request.timeout->count()) + " ms",
                .delay = request.timeout};
}

parley_status http_request(void* ctx, parley_turn turn, parley_str request_json, parley_str body,
                           parley_op* op) {
    HostState& state = state_of(ctx);
    if (!state.use(turn, "http.request")) return PARLEY_STALE;
    auto request = ScriptedHttp::parse(view(request_json));
    if (!request) return PARLEY_INVALID;
    request->body = view(body);
    request->turn = turn;
    HttpResponse response = state.script.answer(*request);
    apply_timeout(*request, response);
    state.requests.push_back(std::move(*request));
    return state.add_operation(turn, std::move(response), op);
}

parley_status timer_start(void* ctx, parley_turn turn, std::uint32_t ms, parley_op* op) {
    HostState& state = state_of(ctx);
    if (!state.use(turn, "timer.start")) return PARLEY_STALE;
    return state.add_operation(turn, {.headers_json = "", .delay = std::chrono::milliseconds(ms)}, op);
}

parley_status postpone_turn(void* ctx, parley_turn turn, std::uint32_t ms) {
    TurnRecord* record = state_of(ctx).use(turn, "postpone");
    if (!record) return PARLEY_STALE;
    if (ms > longest_pause_ms) return PARLEY_LIMIT;
    record->postponed_ms = ms;
    return PARLEY_OK;
}

parley_status cancel_operation(void* ctx, parley_op op) {
    HostState& state = state_of(ctx);
    state.require_running("cancel");
    return state.cancel_operation(op) ? PARLEY_OK : PARLEY_STALE;
}

}  // namespace

void connect_table(HostState& state) {
    state.table = {.struct_size = sizeof(parley_host),
                   .abi_major = PARLEY_ABI_MAJOR,
                   .abi_minor = PARLEY_ABI_MINOR,
                   .ctx = &state,
                   .host_name = str("parley-testkit"),
                   .host_version = str("1.0.0"),
                   .get_extension = &get_extension,
                   .log = &write_line,
                   .reply = &Hooked<&reply, "reply">::call,
                   .reply_text = &Hooked<&reply_text, "reply_text">::call,
                   .state_put = &Hooked<&state_put, "state_put">::call,
                   .annotate = &Hooked<&annotate, "annotate">::call,
                   .finish = &Hooked<&finish, "finish">::call,
                   .extend = &Hooked<&extend, "extend">::call,
                   .now_unix_ms = &now_unix_ms,
                   .now_mono_ns = &now_mono_ns,
                   .random = &random_bytes};
    state.http = {sizeof(parley_http), &Hooked<&http_request, "http.request">::call,
                  &Hooked<&cancel_operation, "http.cancel">::call};
    state.timer = {sizeof(parley_timer), &Hooked<&timer_start, "timer.start">::call,
                   &Hooked<&cancel_operation, "timer.cancel">::call};
    state.postpone = {sizeof(parley_postpone), &Hooked<&postpone_turn, "postpone">::call};
}

}  // namespace parley::testing
