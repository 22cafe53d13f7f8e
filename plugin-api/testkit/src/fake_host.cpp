// The life of the instance, and virtual time.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <parley/sdk/text.hpp>
#include <parley/testing/fake_host.hpp>

#include "agent_extensions.hpp"
#include "host_state.hpp"

namespace parley::testing {

namespace {

constexpr std::size_t longest_reason = 4096;  // that an agent may give in create

// The canonical message of docs/canonical-message.schema.json.
std::string canonical(const Message& message, const HostState& state, parley_turn turn,
                      const FollowupRecord* followup) {
    const std::string deployment = json_string(state.options.deployment);
    const std::string id = json_string("wamid.test" + std::to_string(turn & 0xFFFF'FFFFU));
    std::string native = followup ? "{}" : message.native_json;
    if (native.empty()) {
        native = R"({"from":)" + json_string(message.sender) + R"(,"id":)" + id + R"(,"timestamp":")" +
                 std::to_string(state.unix_ms() / 1000) + R"(","type":)" + json_string(message.type);
        if (message.type == "text") native += R"(,"text":{"body":)" + json_string(message.text) + '}';
        native += '}';
    }
    const std::string event =
        followup
            ? R"("event":"followup","followup":{"key":)" + json_string(followup->key) + R"(,"payload":)" +
                  (followup->payload_json.empty() ? "{}" : followup->payload_json) + R"(,"scheduled_at":")" +
                  iso_8601(static_cast<std::uint64_t>(followup->scheduled_unix_ms)) + R"("},)"
            : "";
    return "{" + event + R"("message_id":)" + (followup ? R"("")" : id) + R"(,"from":)" +
           json_string('+' + message.sender) + R"(,"content":)" + json_string(message.text) +
           R"(,"message_type":)" + json_string(message.type) + R"(,"timestamp":")" +
           iso_8601(state.unix_ms()) + R"(","context":null,"business_info":{"name":)" + deployment +
           R"(,"phone":"+15550000001"},"metadata":{"deployment_id":)" + deployment + R"(,"account_id":)" +
           deployment + R"(},"user_id":"","profile_name":)" + json_string(message.name) +
           R"(,"origin":{"waba_id":"200000000000001","phone_number_id":"300000000000001"},"message":)" +
           native + '}';
}

void deliver(HostState& state, const parley_agent& agent, parley_op op, const HttpResponse& response) {
    if (!agent.on_result) return;
    const parley_result result{.struct_size = sizeof(parley_result),
                               .status = response.status,
                               .http_status = response.status == PARLEY_OK ? response.http_status : 0,
                               .reserved = 0,
                               .headers_json = str(response.headers_json),
                               .body = str(response.body)};
    state.call("on_result", [&] { agent.on_result(agent.self, op, &result); });
}

void cancel_turn(HostState& state, const parley_agent& agent, parley_turn turn, parley_status why) {
    TurnRecord& record = *state.records.at(turn);
    record.cancelled = true;
    HostState::discard(record, why, "");
    state.close(turn);
    if (agent.on_cancel) state.call("on_cancel", [&] { agent.on_cancel(agent.self, turn, why); });
}

const TurnRecord& give(HostState& state, const parley_agent& agent, const Message& message,
                       const FollowupRecord* followup) {
    const std::string conversation = message.conversation.empty() ? message.sender : message.conversation;
    if (message.kind == PARLEY_EVENT_MESSAGE) state.person_wrote(conversation);
    if (message.kind == PARLEY_EVENT_FOLLOWUP)
        std::erase_if(state.waiting, [&](const FollowupRecord& one) {
            return one.conversation == conversation && one.key == message.text;
        });
    // Copied: the agent's commit must not change what this event says.
    Conversation before = state.conversations[conversation];
    TurnRecord& record = state.open_turn(conversation, message);
    if (followup) {
        record.followup_key = followup->key;
        state.followup_turns.push_back(&record);
    }
    const std::string message_json =
        message.message_json.empty() ? canonical(message, state, record.id, followup) : message.message_json;
    if (!before.document.empty() && before.schema < state.options.state_schema) {
        const std::string problem = migrate(state, agent, before);
        if (!problem.empty()) {
            record.finished = true;
            HostState::discard(record, PARLEY_INTERNAL, problem);
            state.close(record.id);
            return record;
        }
    }
    const parley_event event{.struct_size = sizeof(parley_event),
                             .kind = message.kind,
                             .turn = record.id,
                             .deadline_ns = state.open.at(record.id).deadline_ns,
                             .received_unix_ms = message.received_unix_ms > 0
                                                     ? static_cast<std::uint64_t>(message.received_unix_ms)
                                                     : state.unix_ms(),
                             .attempt = message.attempt,
                             .state_schema = before.schema,
                             .deployment = str(state.options.deployment),
                             .conversation = str(conversation),
                             .sender = str(message.sender),
                             .sender_name = str(message.name),
                             .type = str(message.type),
                             .text = str(message.text),
                             .locale = str(message.locale),
                             .message_json = str(message_json),
                             .state_json = str(before.document),
                             .state_revision = before.revision,
                             .traceparent = str(message.traceparent)};
    state.call("on_event", [&] { agent.on_event(agent.self, &event); });
    return record;
}

void fire(HostState& state, const parley_agent& agent, FollowupRecord followup) {
    const bool stays_in_window = (followup.flags & PARLEY_FOLLOWUP_IN_WINDOW) != 0;
    if (stays_in_window && state.is_window_closed(followup.conversation)) return;
    Message message;
    message.kind = PARLEY_EVENT_FOLLOWUP;
    message.type = "followup";
    message.text = followup.key;
    message.sender = followup.sender;
    message.name = followup.name;
    message.conversation = followup.conversation;
    give(state, agent, message, &followup);
}

// One thing that is due now; false when there is none.
bool step(HostState& state, const parley_agent& agent) {
    const auto op =
        std::min_element(state.operations.begin(), state.operations.end(),
                         [](const auto& a, const auto& b) { return a.second.due_ns < b.second.due_ns; });
    if (op != state.operations.end() && op->second.due_ns <= state.now_ns) {
        const auto [id, operation] = *op;
        state.operations.erase(op);
        deliver(state, agent, id, operation.response);
        return true;
    }
    for (const auto& [turn, open] : state.open) {
        if (open.deadline_ns > state.now_ns) continue;
        cancel_turn(state, agent, turn, PARLEY_TIMEOUT);
        return true;
    }
    const auto followup = state.next_followup();
    if (followup == state.waiting.end() || state.due_ns(*followup) > state.now_ns) return false;
    FollowupRecord due = std::move(*followup);
    state.waiting.erase(followup);
    fire(state, agent, std::move(due));
    return true;
}

void run_due(HostState& state, const parley_agent& agent) {
    while (step(state, agent)) {
    }
}

std::uint64_t next_due_ns(HostState& state) {
    std::uint64_t next = UINT64_MAX;
    for (const auto& [op, operation] : state.operations) next = std::min(next, operation.due_ns);
    for (const auto& [turn, open] : state.open) next = std::min(next, open.deadline_ns);
    if (const auto followup = state.next_followup(); followup != state.waiting.end())
        next = std::min(next, state.due_ns(*followup));
    return next;
}

}  // namespace

FakeHost::FakeHost(const parley_plugin& plugin, HostOptions options)
    : state_(std::make_unique<HostState>(std::move(options))), plugin_(&plugin) {}

FakeHost::FakeHost(Library library, HostOptions options)
    : library_(std::make_unique<Library>(std::move(library))),
      state_(std::make_unique<HostState>(std::move(options))),
      plugin_(&library_->plugin()) {}

FakeHost::~FakeHost() {
    stop();
}

StartResult FakeHost::start(std::string_view config_json, std::string_view id) {
    if (running_) throw std::logic_error("FakeHost::start: the agent runs already");
    const std::string name(id.empty() ? plugin_->desc(0)->id : id);
    std::array<char, longest_reason> err{};
    agent_ = {};
    agent_.struct_size = sizeof agent_;
    state_->phase = Phase::creating;
    state_->extras.has_started = false;
    parley_status created = PARLEY_INTERNAL;
    state_->call("create", [&] {
        created =
            plugin_->create(name.c_str(), &state_->table, str(config_json), &agent_, err.data(), err.size());
    });
    state_->phase = Phase::running;
    if (created != PARLEY_OK) return {created, err.data()};
    if (!PARLEY_HAS(&agent_, destroy) || !agent_.on_event || !agent_.destroy)
        return {PARLEY_INVALID, "create gave no on_event or no destroy"};
    if (agent_.struct_size > sizeof agent_)
        return {PARLEY_INVALID, "create raised struct_size: it may only lower what the host has set"};

    running_ = true;
    parley_status started = PARLEY_OK;
    if (agent_.start) state_->call("start", [&] { started = agent_.start(agent_.self); });
    state_->extras.has_started = true;
    if (started == PARLEY_OK) return {};
    const std::string reason = state_->log.empty() ? "" : state_->log.back().message;
    stop();
    return {started, reason};
}

StartResult FakeHost::reconfigure(std::string_view config_json) {
    if (!running_ || !agent_.reconfigure) return {PARLEY_UNSUPPORTED, ""};
    std::array<char, longest_reason> err{};
    parley_status status = PARLEY_INTERNAL;
    state_->call("reconfigure",
                 [&] { status = agent_.reconfigure(agent_.self, str(config_json), err.data(), err.size()); });
    return {status, err.data()};
}

void FakeHost::stop() {
    if (!running_) return;
    while (!state_->open.empty()) cancel_turn(*state_, agent_, state_->open.begin()->first, PARLEY_CANCELLED);
    run_due(*state_, agent_);
    state_->call("destroy", [&] { agent_.destroy(agent_.self); });
    state_->phase = Phase::destroyed;
    running_ = false;
}

const TurnRecord& FakeHost::send(const Message& message) {
    if (!running_) throw std::logic_error("FakeHost::send: start() the agent first");
    const TurnRecord& record = give(*state_, agent_, message, nullptr);
    run_due(*state_, agent_);
    return record;
}

void FakeHost::advance(std::chrono::milliseconds duration) {
    const std::uint64_t end = state_->now_ns + static_cast<std::uint64_t>(duration.count()) * 1'000'000;
    while (next_due_ns(*state_) <= end) {
        state_->now_ns = std::max(state_->now_ns, next_due_ns(*state_));
        run_due(*state_, agent_);
    }
    state_->now_ns = end;
}

void FakeHost::set_unix_ms(std::int64_t unix_ms) {
    state_->options.unix_ms = unix_ms - static_cast<std::int64_t>(state_->now_ns / 1'000'000);
}

void FakeHost::cancel(parley_turn turn, parley_status why) {
    if (!state_->open.contains(turn)) throw std::logic_error("FakeHost::cancel: the turn is not open");
    cancel_turn(*state_, agent_, turn, why);
    run_due(*state_, agent_);
}

HttpRule& FakeHost::on_http(std::string method, std::string url_prefix) {
    return state_->script.add(std::move(method), std::move(url_prefix));
}

const std::vector<HttpRequest>& FakeHost::http_requests() const {
    return state_->requests;
}

ScriptedMedia& FakeHost::media() {
    return state_->media_script;
}

KeptValues& FakeHost::kept() {
    return state_->extras.kept;
}

const RecordedMetrics& FakeHost::metrics() const {
    return state_->extras.recorded;
}

const std::vector<std::string>& FakeHost::secrets_read() const {
    return state_->extras.secrets_read;
}

std::vector<FollowupRecord> FakeHost::waiting_followups() const {
    return state_->waiting;
}

const std::vector<const TurnRecord*>& FakeHost::followup_turns() const {
    return state_->followup_turns;
}

std::size_t FakeHost::operations() const {
    return state_->operations.size();
}

std::string FakeHost::state(const std::string& conversation) const {
    const auto found = state_->conversations.find(conversation);
    return found == state_->conversations.end() ? "" : found->second.document;
}

void FakeHost::set_state(const std::string& conversation, std::string document_json,
                         std::optional<std::uint32_t> schema) {
    Conversation& known = state_->conversations[conversation];
    known.document = std::move(document_json);
    known.schema = schema.value_or(state_->options.state_schema);
}

std::uint32_t FakeHost::state_schema(const std::string& conversation) const {
    const auto found = state_->conversations.find(conversation);
    return found == state_->conversations.end() ? 0 : found->second.schema;
}

FakeHost::Answer FakeHost::health() {
    return ask_health(*state_, agent_);
}

FakeHost::Answer FakeHost::export_memory() {
    return ask_export(*state_, agent_);
}

FakeHost::Answer FakeHost::import_memory(std::string_view version, std::string_view json) {
    return ask_import(*state_, agent_, version, json);
}

void FakeHost::set_state(const std::string& conversation, std::string document_json, std::uint64_t revision,
                         std::uint32_t schema) {
    Conversation& known = state_->conversations[conversation];
    known.document = std::move(document_json);
    known.revision = revision;
    known.schema = schema;
}

void FakeHost::give_random(std::string bytes) {
    state_->given_random = std::move(bytes);
    state_->used_random = 0;
}

void FakeHost::forget() {
    std::erase_if(state_->followup_turns,
                  [this](const TurnRecord* turn) { return !state_->open.contains(turn->id); });
    std::erase_if(state_->records, [this](const auto& one) { return !state_->open.contains(one.first); });
    state_->requests.clear();
    state_->log.clear();
    state_->extras.secrets_read.clear();
    state_->extras.recorded.forget_observed();
    state_->media_script.forget_past();
}

const std::vector<LogLine>& FakeHost::log() const {
    return state_->log;
}

const std::vector<std::string>& FakeHost::misbehaviours() const {
    return state_->misbehaviours;
}

const parley_host& FakeHost::table() const {
    return state_->table;
}

const parley_agent& FakeHost::agent() const {
    return agent_;
}

}  // namespace parley::testing
