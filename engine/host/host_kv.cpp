#include "host/host_kv.hpp"

#include <simdjson.h>

#include "base/json_text.hpp"
#include "core/key_value_store.hpp"
#include "host/host_services.hpp"
#include "host/host_text.hpp"

namespace parley {
namespace {

constexpr std::size_t max_key = 512;
constexpr std::size_t max_value = 64U << 10;
constexpr std::uint32_t max_listed = 200;

// A prefix may be empty, a key may not.
bool read_key(parley_str given, std::size_t least, std::string& key) {
    std::string_view text;
    if (!read_parley_str(given, text) || text.size() < least || text.size() > max_key ||
        !simdjson::validate_utf8(text.data(), text.size()))
        return false;
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    key = text;
    return true;
}

OperationResult to_result(KeyValueCall::Kind kind, KeyValueAnswer answer) {
    std::string facts = R"({"version":")" + std::to_string(answer.version) + R"(","done":")" +
                        (answer.is_done ? "true" : "false") + "\"}";
    if (kind != KeyValueCall::Kind::list) return {PARLEY_OK, 0, std::move(facts), std::move(answer.value)};
    std::string body = R"({"keys":[)";
    for (const std::string& key : answer.keys) body += (body.back() == '[' ? "" : ",") + json_string(key);
    return {PARLEY_OK, 0, std::move(facts),
            body + R"(],"more":")" + (answer.has_more ? "true" : "false") + "\"}"};
}

OperationResult to_result(const Error& error) {
    const bool is_bound = error.code() == Errc::invalid_input || error.code() == Errc::busy;
    return {is_bound ? PARLEY_LIMIT : PARLEY_INTERNAL, 0, {}, error.message()};
}

parley_status begin(HostServices& host, parley_turn turn, KeyValueCall call, parley_op* op) {
    if (host.ports().key_values == nullptr) return PARLEY_UNSUPPORTED;
    parley_status status = PARLEY_STALE;
    OperationOwner owner;
    const TurnPtr open = host.open_turn(turn, status, &owner);
    if (!open) return status;
    if (!open->is_open()) return PARLEY_STALE;
    const parley_op id = host.operations()->open(owner);
    if (id == 0) return PARLEY_LIMIT;
    // The turn may have ended meanwhile; if its end saw the operation, that completes as cancelled.
    if (host.turns().find(turn).state != TurnTable::State::open && host.withdraw(id)) return PARLEY_STALE;
    *op = id;
    call.deployment = host.identity().deployment;
    host.ports().key_values->key_value(std::move(call), [weak = std::weak_ptr(host.operations()), id,
                                                         kind = call.kind](Result<KeyValueAnswer> answer) {
        if (const auto alive = weak.lock())
            alive->complete(id, answer ? to_result(kind, std::move(*answer)) : to_result(answer.error()));
    });
    return PARLEY_OK;
}

template <class Start>
parley_status guarded(parley_op* op, Start&& start) noexcept {
    try {
        return op == nullptr ? PARLEY_INVALID : start();
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

std::optional<std::uint64_t> expected_version(std::uint64_t expected) {
    return expected == PARLEY_KV_ANY ? std::nullopt : std::optional(expected);
}

parley_status get(void* ctx, parley_turn turn, parley_str key, parley_op* op) {
    return guarded(op, [&]() -> parley_status {
        KeyValueCall call;
        if (!read_key(key, 1, call.key)) return PARLEY_INVALID;
        return begin(*static_cast<HostServices*>(ctx), turn, std::move(call), op);
    });
}

parley_status put(void* ctx, parley_turn turn, parley_str key, parley_str value, std::uint64_t expected,
                  parley_op* op) {
    return guarded(op, [&]() -> parley_status {
        KeyValueCall call;
        call.kind = KeyValueCall::Kind::put;
        std::string_view bytes;
        if (!read_key(key, 1, call.key) || !read_parley_str(value, bytes)) return PARLEY_INVALID;
        if (bytes.size() > max_value) return PARLEY_LIMIT;
        call.value = bytes;
        call.expected = expected_version(expected);
        return begin(*static_cast<HostServices*>(ctx), turn, std::move(call), op);
    });
}

parley_status remove(void* ctx, parley_turn turn, parley_str key, std::uint64_t expected, parley_op* op) {
    return guarded(op, [&]() -> parley_status {
        KeyValueCall call;
        call.kind = KeyValueCall::Kind::remove;
        if (!read_key(key, 1, call.key)) return PARLEY_INVALID;
        call.expected = expected_version(expected);
        return begin(*static_cast<HostServices*>(ctx), turn, std::move(call), op);
    });
}

parley_status list(void* ctx, parley_turn turn, parley_str prefix, parley_str after, std::uint32_t limit,
                   parley_op* op) {
    return guarded(op, [&]() -> parley_status {
        KeyValueCall call;
        call.kind = KeyValueCall::Kind::list;
        if (!read_key(prefix, 0, call.key) || !read_key(after, 0, call.after) || limit == 0 ||
            limit > max_listed)
            return PARLEY_INVALID;
        call.limit = limit;
        return begin(*static_cast<HostServices*>(ctx), turn, std::move(call), op);
    });
}

}  // namespace

const parley_kv host_kv_table{sizeof(parley_kv), get, put, parley::remove, list, cancel_operation};

}  // namespace parley
