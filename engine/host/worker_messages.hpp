// The payloads of the frames between engine and worker. Texts are views: of what is being written, or into the
// payload that was read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parley/plugin.h>

#include "host/frame.hpp"

namespace parley {

// What to load, and under which limits. The worker answers with ready or refused.
struct LoadMessage {
    std::uint32_t protocol = worker_protocol;
    std::uint16_t abi_major = PARLEY_ABI_MAJOR, abi_minor = PARLEY_ABI_MINOR;
    std::string_view agent, version, sha256, library;  // library: the staged copy's path
    std::string_view deployment, config_json;
    bool is_engine_time = false;  // clocks and randomness are asked of the engine: it is not the system's
    std::int32_t log_level = 0;
    std::uint64_t max_memory = 0, max_files = 0;
    std::uint32_t start_limit_ms = 0;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.protocol, m.abi_major, m.abi_minor, m.agent, m.version, m.sha256, m.library, m.deployment,
                 m.config_json, m.is_engine_time, m.log_level, m.max_memory, m.max_files, m.start_limit_ms);
    }
};

struct ReadyMessage {
    std::uint32_t protocol = worker_protocol;
    std::uint16_t abi_major = PARLEY_ABI_MAJOR, abi_minor = PARLEY_ABI_MINOR;
    std::string_view agent, version, sha256;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.protocol, m.abi_major, m.abi_minor, m.agent, m.version, m.sha256);
    }
};

struct RefusedMessage {
    bool is_config = false;  // the agent refuses its configuration
    std::string_view reason;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.is_config, m.reason);
    }
};

struct EventMessage {
    std::uint8_t kind = 0;
    std::uint32_t attempt = 0, state_schema = 0;
    std::uint64_t deadline_ns = 0, deadline_ms = 0, state_revision = 0;  // deadline_ms: the deployment's
    std::int64_t received_ms = 0, conversation = 0;
    std::string_view wa_id, user_id, name, type, text, canonical_json, state_json, traceparent;
    std::vector<std::string_view> followups;  // keys of those that wait

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.kind, m.attempt, m.state_schema, m.deadline_ns, m.deadline_ms, m.state_revision,
                 m.received_ms, m.conversation, m.wa_id, m.user_id, m.name, m.type, m.text, m.canonical_json,
                 m.state_json, m.traceparent, m.followups);
    }
};

// Key, payload, unix milliseconds, and the flags of the contract; a cancelled one has no time.
using FollowupFields =
    std::pair<std::pair<std::string_view, std::string_view>, std::pair<std::int64_t, std::uint32_t>>;

struct FinishMessage {
    bool ok = false, has_state = false, is_postponed = false;
    std::uint32_t again_ms = 0;
    std::string_view error, state_json;
    std::vector<std::string_view> replies;
    std::vector<std::pair<std::string_view, std::string_view>> annotations;
    std::vector<FollowupFields> followups;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.ok, m.has_state, m.is_postponed, m.again_ms, m.error, m.state_json, m.replies,
                 m.annotations, m.followups);
    }
};

// A host function that only the engine can perform; see remote_functions.hpp.
struct CallMessage {
    std::uint16_t function = 0;
    std::uint64_t turn = 0, op = 0;
    std::vector<std::string_view> texts;
    std::vector<std::uint64_t> numbers;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.function, m.turn, m.op, m.texts, m.numbers);
    }
};

struct AnswerMessage {
    parley_status status = PARLEY_OK;
    std::string_view data;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.status, m.data);
    }
};

struct ResultMessage {
    parley_status status = PARLEY_OK;
    std::int32_t http_status = 0;
    std::string_view headers_json, body;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.status, m.http_status, m.headers_json, m.body);
    }
};

// Of log, fault (level: 0) and slow (level: milliseconds).
struct LogMessage {
    std::int32_t level = 0;
    std::string_view text, fields_json;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.level, m.text, m.fields_json);
    }
};

template <class Message>
Frame to_frame(FrameType type, std::uint64_t handle, const Message& message) {
    PayloadWriter writer;
    Message::pass(writer, message);
    return {type, handle, writer.take()};
}

// None when a field is cut short, or when bytes are left over.
template <class Message>
std::optional<Message> read_message(std::string_view payload) {
    PayloadReader reader(payload);
    Message message;
    if (!Message::pass(reader, message) || !reader.is_at_end()) return std::nullopt;
    return message;
}

}  // namespace parley
