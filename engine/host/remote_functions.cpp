#include "host/remote_functions.hpp"

#include <array>
#include <cstring>

#include "host/frame.hpp"
#include "host/host_followup.hpp"
#include "host/host_http.hpp"
#include "host/host_kv.hpp"
#include "host/host_media.hpp"
#include "host/host_metrics.hpp"
#include "host/host_postpone.hpp"
#include "host/host_secrets.hpp"
#include "host/host_text.hpp"
#include "host/host_timer.hpp"

namespace parley {
namespace {

constexpr std::size_t max_random = 4096;
constexpr std::size_t max_texts = max_payload - (64U << 10);  // of one call

parley_status start_remote(void* ctx, parley_turn turn, RemoteCall call, parley_op* op) {
    HostServices& host = *static_cast<HostServices*>(ctx);
    if (op == nullptr) return PARLEY_INVALID;
    parley_status status = PARLEY_STALE;
    OperationOwner owner;
    const TurnPtr open = host.open_turn(turn, status, &owner);
    if (!open) return status;
    const std::shared_ptr<Operations> operations = host.operations();
    const parley_op id = operations->open(owner);
    if (id == 0) return PARLEY_LIMIT;
    *op = id;
    EngineLink& engine = *host.ports().engine;
    call.turn = static_cast<std::uint64_t>(to_int(owner.seq));
    call.op = id;
    status = engine.call(call).status;
    if (status != PARLEY_OK) return host.withdraw(id) ? status : PARLEY_OK;
    operations->set_abort(id, [&engine, id] { engine.cancel(id); });
    // The turn may have ended while the engine was asked.
    if (host.turns().find(turn).state != TurnTable::State::open && host.withdraw(id)) {
        engine.cancel(id);
        return PARLEY_STALE;
    }
    return PARLEY_OK;
}

template <class F>
parley_status guarded(F&& call) noexcept {
    try {
        return call();
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

parley_status cancel(void* ctx, parley_op op) {
    return guarded([&] { return static_cast<HostServices*>(ctx)->operations()->cancel(op); });
}

// A function of texts and numbers that starts an operation.
parley_status start_with(void* ctx, parley_turn turn, RemoteFunction function,
                         const std::vector<parley_str>& given, parley_op* op,
                         std::vector<std::uint64_t> numbers = {}) {
    return guarded([&] {
        RemoteCall call{function, 0, 0, {}, std::move(numbers)};
        std::size_t size = 0;
        for (const parley_str text : given) {
            std::string_view view;
            if (!read_parley_str(text, view)) return parley_status{PARLEY_INVALID};
            call.texts.push_back(view);
            size += view.size();
        }
        if (size > max_texts) return parley_status{PARLEY_LIMIT};
        return start_remote(ctx, turn, std::move(call), op);
    });
}

parley_status request(void* ctx, parley_turn turn, parley_str request_json, parley_str body, parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::http_request, {request_json, body}, op);
}

parley_status fetch(void* ctx, parley_turn turn, parley_str media_id, parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::media_fetch, {media_id}, op);
}

parley_status upload(void* ctx, parley_turn turn, parley_str request_json, parley_str bytes, parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::media_upload, {request_json, bytes}, op);
}

parley_status remove_media(void* ctx, parley_turn turn, parley_str media_id, parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::media_remove, {media_id}, op);
}

parley_status kv_get(void* ctx, parley_turn turn, parley_str key, parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::kv_get, {key}, op);
}

parley_status kv_put(void* ctx, parley_turn turn, parley_str key, parley_str value, std::uint64_t expected,
                     parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::kv_put, {key, value}, op, {expected});
}

parley_status kv_remove(void* ctx, parley_turn turn, parley_str key, std::uint64_t expected, parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::kv_remove, {key}, op, {expected});
}

parley_status kv_list(void* ctx, parley_turn turn, parley_str prefix, parley_str after, std::uint32_t limit,
                      parley_op* op) {
    return start_with(ctx, turn, RemoteFunction::kv_list, {prefix, after}, op, {limit});
}

parley_status start_timer(void* ctx, parley_turn turn, std::uint32_t ms, parley_op* op) {
    return guarded([&] {
        return start_remote(ctx, turn, {RemoteFunction::timer_start, 0, 0, {}, {ms}}, op);
    });
}

constexpr parley_http remote_http{sizeof(parley_http), request, cancel};
constexpr parley_timer remote_timer{sizeof(parley_timer), start_timer, cancel};
constexpr parley_media remote_media{sizeof(parley_media), fetch, upload, remove_media, cancel};

constexpr parley_kv remote_kv{sizeof(parley_kv), kv_get, kv_put, kv_remove, kv_list, cancel};

std::string bytes_of(std::uint64_t number) {
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}

RemoteAnswer random_bytes(HostServices& services, std::uint64_t size) {
    if (size > max_random) return {PARLEY_LIMIT, {}};
    std::string bytes(size, '\0');
    services.table()->random(&services, bytes.data(), bytes.size());
    return {PARLEY_OK, std::move(bytes)};
}

bool has(const RemoteCall& call, std::size_t texts, std::size_t numbers) {
    return call.texts.size() == texts && call.numbers.size() == numbers;
}

}  // namespace

const void* remote_extension(const char* id) noexcept {
    if (std::strcmp(id, PARLEY_EXT_HTTP) == 0) return &remote_http;
    if (std::strcmp(id, PARLEY_EXT_TIMER) == 0) return &remote_timer;
    if (std::strcmp(id, PARLEY_EXT_MEDIA) == 0) return &remote_media;
    if (std::strcmp(id, PARLEY_EXT_KV) == 0) return &remote_kv;
    // Staged in the turn, like replies, and sent with its end.
    if (std::strcmp(id, PARLEY_EXT_POSTPONE) == 0) return &host_postpone_table;
    if (std::strcmp(id, PARLEY_EXT_FOLLOWUP) == 0) return &host_followup_table;
    return nullptr;
}

RemoteAnswer perform(HostServices& services, const RemoteCall& call, parley_op& op) {
    const auto low = [&](std::size_t i) { return static_cast<std::uint32_t>(call.numbers[i]); };
    const auto text = [&](std::size_t i) { return to_parley_str(call.texts[i]); };
    const auto said = [](parley_status status) { return RemoteAnswer{status, {}}; };
    const parley_turn turn = call.turn;
    switch (call.function) {
        case RemoteFunction::extend:
            if (has(call, 0, 1)) return said(services.extend(turn, low(0)));
            break;
        case RemoteFunction::now_unix_ms:
            return {PARLEY_OK, bytes_of(static_cast<std::uint64_t>(unix_ms(services.ports().clock.wall())))};
        case RemoteFunction::now_mono_ns:
            return {PARLEY_OK, bytes_of(to_mono_ns(services.ports().clock.mono()))};
        case RemoteFunction::random:
            if (has(call, 0, 1)) return random_bytes(services, call.numbers[0]);
            break;
        case RemoteFunction::http_request:
            if (has(call, 2, 0)) return said(host_http_table.request(&services, turn, text(0), text(1), &op));
            break;
        case RemoteFunction::timer_start:
            if (has(call, 0, 1)) return said(host_timer_table.start(&services, turn, low(0), &op));
            break;
        case RemoteFunction::media_fetch:
            if (has(call, 1, 0)) return said(host_media_table.fetch(&services, turn, text(0), &op));
            break;
        case RemoteFunction::media_upload:
            if (has(call, 2, 0)) return said(host_media_table.upload(&services, turn, text(0), text(1), &op));
            break;
        case RemoteFunction::media_remove:
            if (has(call, 1, 0)) return said(host_media_table.remove(&services, turn, text(0), &op));
            break;
        case RemoteFunction::kv_get:
            if (has(call, 1, 0)) return said(host_kv_table.get(&services, turn, text(0), &op));
            break;
        case RemoteFunction::kv_put:
            if (has(call, 2, 1))
                return said(host_kv_table.put(&services, turn, text(0), text(1), call.numbers[0], &op));
            break;
        case RemoteFunction::kv_remove:
            if (has(call, 1, 1))
                return said(host_kv_table.remove(&services, turn, text(0), call.numbers[0], &op));
            break;
        case RemoteFunction::kv_list:
            if (has(call, 2, 1))
                return said(host_kv_table.list(&services, turn, text(0), text(1), low(0), &op));
            break;
        case RemoteFunction::secret_get:
            if (has(call, 1, 0)) return read_secret(services, call.texts[0]);
            break;
        case RemoteFunction::metric_define:
            if (call.texts.size() == 3 && !call.numbers.empty()) return define_metric(services, call);
            break;
    }
    services.misbehaved("its worker asked for a function that does not exist");
    return {PARLEY_INVALID, {}};
}

}  // namespace parley
