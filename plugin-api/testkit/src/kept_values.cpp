// parley.kv/1 in memory, and the C functions that the agent calls for it.
#include <algorithm>
#include <utility>

#include <parley/ext/kv.h>
#include <parley/sdk/text.hpp>
#include <parley/testing/kept_values.hpp>

#include "host_state.hpp"

namespace parley::testing {

namespace {

constexpr std::size_t longest_key = 512;
constexpr std::size_t most_of_a_value = 64U << 10;
constexpr std::uint32_t most_listed = 200;

KeptValues::Ending answer(std::uint64_t version, bool is_done, std::string body) {
    return {
        PARLEY_OK,
        R"({"version":")" + std::to_string(version) + R"(","done":")" + (is_done ? "true" : "false") + "\"}",
        std::move(body)};
}

HostState& state_of(void* ctx) {
    return *static_cast<HostState*>(ctx);
}

bool is_key(parley_str key, std::size_t least = 1) {
    const std::string_view text = view(key);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return text.size() >= least && text.size() <= longest_key &&
           std::none_of(text.begin(), text.end(), is_control);
}

parley_status end(HostState& state, parley_turn turn, KeptValues::Ending ending, parley_op* op) {
    return state.add_operation(turn,
                               {.status = ending.status,
                                .body = std::move(ending.body),
                                .headers_json = std::move(ending.headers_json)},
                               op);
}

// The hooks of the test around a call that starts an operation.
template <class Perform>
parley_status begin(void* ctx, parley_turn turn, const char* name, parley_str text, bool is_valid,
                    parley_op* op, Perform perform) {
    HostState& state = state_of(ctx);
    const HostHooks& hooks = state.options.hooks;
    parley_status status = hooks.refuse ? hooks.refuse(name) : PARLEY_OK;
    if (status == PARLEY_OK && !state.use(turn, name)) status = PARLEY_STALE;
    if (status == PARLEY_OK && (!is_valid || !op)) status = PARLEY_INVALID;
    if (status == PARLEY_OK) status = end(state, turn, perform(state.extras.kept), op);
    if (hooks.observe) hooks.observe({name, turn, view(text), status});
    return status;
}

parley_status get(void* ctx, parley_turn turn, parley_str key, parley_op* op) {
    return begin(ctx, turn, "kv.get", key, is_key(key), op,
                 [&](KeptValues& kept) { return kept.get(std::string(view(key))); });
}

parley_status put(void* ctx, parley_turn turn, parley_str key, parley_str value, std::uint64_t expected,
                  parley_op* op) {
    if (value.size > most_of_a_value) return PARLEY_LIMIT;
    return begin(ctx, turn, "kv.put", key, is_key(key), op, [&](KeptValues& kept) {
        return kept.put_if(std::string(view(key)), std::string(view(value)), expected);
    });
}

parley_status remove(void* ctx, parley_turn turn, parley_str key, std::uint64_t expected, parley_op* op) {
    return begin(ctx, turn, "kv.remove", key, is_key(key), op,
                 [&](KeptValues& kept) { return kept.remove_if(std::string(view(key)), expected); });
}

parley_status list(void* ctx, parley_turn turn, parley_str prefix, parley_str after, std::uint32_t limit,
                   parley_op* op) {
    const bool is_valid = is_key(prefix, 0) && is_key(after, 0) && limit > 0 && limit <= most_listed;
    return begin(ctx, turn, "kv.list", prefix, is_valid, op, [&](KeptValues& kept) {
        return kept.list(std::string(view(prefix)), std::string(view(after)), limit);
    });
}

parley_status cancel(void* ctx, parley_op op) {
    state_of(ctx).require_running("kv.cancel");
    return state_of(ctx).cancel_operation(op) ? PARLEY_OK : PARLEY_STALE;
}

}  // namespace

std::optional<std::string> KeptValues::value(const std::string& key) const {
    const auto found = all_.find(key);
    return found == all_.end() ? std::nullopt : std::optional(found->second.value);
}

std::optional<KeptValues::Ending> KeptValues::take_failure() {
    return std::exchange(failure_, std::nullopt);
}

std::optional<KeptValues::Ending> KeptValues::refusal(const std::string& key, std::uint64_t expected) const {
    const auto found = all_.find(key);
    const std::uint64_t version = found == all_.end() ? 0 : found->second.version;
    if (expected == PARLEY_KV_ANY || expected == version) return std::nullopt;
    return answer(version, false, found == all_.end() ? "" : found->second.value);
}

KeptValues::Ending KeptValues::get(const std::string& key) {
    if (auto failure = take_failure()) return *failure;
    const auto found = all_.find(key);
    return found == all_.end() ? answer(0, true, "")
                               : answer(found->second.version, true, found->second.value);
}

KeptValues::Ending KeptValues::put_if(const std::string& key, std::string value, std::uint64_t expected) {
    if (auto failure = take_failure()) return *failure;
    if (auto refused = refusal(key, expected)) return *refused;
    put(key, std::move(value));
    return answer(last_version_, true, "");
}

KeptValues::Ending KeptValues::remove_if(const std::string& key, std::uint64_t expected) {
    if (auto failure = take_failure()) return *failure;
    if (auto refused = refusal(key, expected)) return *refused;
    remove(key);
    return answer(0, true, "");
}

KeptValues::Ending KeptValues::list(const std::string& prefix, const std::string& after,
                                    std::uint32_t limit) {
    if (auto failure = take_failure()) return *failure;
    std::string keys;
    std::uint32_t count = 0;
    bool has_more = false;
    for (const auto& [key, kept] : all_) {
        if (!key.starts_with(prefix) || key <= after) continue;
        has_more = count == limit;
        if (has_more) break;
        keys += (count++ == 0 ? "" : ",") + json_string(key);
    }
    return answer(0, true, R"({"keys":[)" + keys + R"(],"more":")" + (has_more ? "true" : "false") + "\"}");
}

void connect_kv(HostState& state) {
    state.extras.kv = {sizeof(parley_kv), &get, &put, &parley::testing::remove, &list, &cancel};
}

}  // namespace parley::testing
