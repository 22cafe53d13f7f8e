// What only a host can do for the agent of a worker: asked of the FakeHost's table.
#include <bit>
#include <cstring>

#include <parley/ext/http.h>
#include <parley/ext/kv.h>
#include <parley/ext/media.h>
#include <parley/ext/metrics.h>
#include <parley/ext/secrets.h>
#include <parley/ext/timer.h>

#include "host/agent_metrics.hpp"
#include "host/host_text.hpp"
#include "kit/isolated_instance.hpp"

namespace parley::kit {
namespace {

constexpr std::size_t most_of_a_secret = 64U << 10;
constexpr std::size_t most_random = 4096;

RemoteAnswer number(std::uint64_t value) {
    RemoteAnswer answer{PARLEY_OK, std::string(sizeof value, '\0')};
    std::memcpy(answer.data.data(), &value, sizeof value);
    return answer;
}

bool has(const CallMessage& call, std::size_t texts, std::size_t numbers) {
    return call.texts.size() == texts && call.numbers.size() == numbers;
}

// How many texts and numbers a function that starts an operation has.
bool is_well_formed(const CallMessage& call) {
    switch (static_cast<RemoteFunction>(call.function)) {
        case RemoteFunction::http_request:
        case RemoteFunction::media_upload:
            return has(call, 2, 0);
        case RemoteFunction::timer_start:
            return has(call, 0, 1);
        case RemoteFunction::media_fetch:
        case RemoteFunction::media_remove:
        case RemoteFunction::kv_get:
            return has(call, 1, 0);
        case RemoteFunction::kv_put:
        case RemoteFunction::kv_list:
            return has(call, 2, 1);
        case RemoteFunction::kv_remove:
            return has(call, 1, 1);
        default:
            return false;
    }
}

using Cancel = parley_status (*)(void* ctx, parley_op op);

// Null where the host lacks the extension.
template <class Table, class Start>
Cancel start_in(const parley_host& host, const char* id, parley_status& status, Start&& begin) {
    const auto* table = static_cast<const Table*>(host.get_extension(host.ctx, id));
    if (table == nullptr) return nullptr;
    status = begin(*table);
    return table->cancel;
}

}  // namespace

void IsolatedInstance::answer(const Frame& frame) {
    const auto call = read_message<CallMessage>(frame.payload);
    if (!call) end("it sent a call that cannot be read");
    const RemoteAnswer answer = perform(*call);
    send(to_frame(FrameType::answer, frame.handle, AnswerMessage{answer.status, answer.data}));
}

RemoteAnswer IsolatedInstance::perform(const CallMessage& call) {
    void* const ctx = host_.ctx;
    switch (static_cast<RemoteFunction>(call.function)) {
        case RemoteFunction::now_unix_ms:
            return number(static_cast<std::uint64_t>(host_.now_unix_ms(ctx)));
        case RemoteFunction::now_mono_ns:
            return number(host_.now_mono_ns(ctx));
        case RemoteFunction::random: {
            if (!has(call, 0, 1) || call.numbers[0] > most_random) break;
            std::string bytes(call.numbers[0], '\0');
            host_.random(ctx, bytes.data(), bytes.size());
            return {PARLEY_OK, std::move(bytes)};
        }
        case RemoteFunction::extend:
            if (!has(call, 0, 1)) break;
            return {host_.extend(ctx, call.turn, static_cast<std::uint32_t>(call.numbers[0])), {}};
        case RemoteFunction::secret_get:
            if (has(call, 1, 0)) return secret(call.texts[0]);
            break;
        case RemoteFunction::metric_define:
            if (call.texts.size() == 3 && !call.numbers.empty()) return define_metric(call);
            break;
        default:
            if (is_well_formed(call)) return start_operation(call);
    }
    return {PARLEY_INVALID, {}};
}

RemoteAnswer IsolatedInstance::start_operation(const CallMessage& call) {
    void* const ctx = host_.ctx;
    const parley_turn turn = call.turn;
    const auto text = [&](std::size_t i) { return to_parley_str(call.texts[i]); };
    const auto low = [&] { return static_cast<std::uint32_t>(call.numbers[0]); };
    parley_op op = 0;
    parley_status status = PARLEY_UNSUPPORTED;
    const auto http = [&](auto&& begin) {
        return start_in<parley_http>(host_, PARLEY_EXT_HTTP, status, begin);
    };
    const auto timer = [&](auto&& begin) {
        return start_in<parley_timer>(host_, PARLEY_EXT_TIMER, status, begin);
    };
    const auto media = [&](auto&& begin) {
        return start_in<parley_media>(host_, PARLEY_EXT_MEDIA, status, begin);
    };
    const auto kv = [&](auto&& begin) { return start_in<parley_kv>(host_, PARLEY_EXT_KV, status, begin); };
    Cancel cancel = nullptr;
    switch (static_cast<RemoteFunction>(call.function)) {
        case RemoteFunction::http_request:
            cancel = http([&](const auto& t) { return t.request(ctx, turn, text(0), text(1), &op); });
            break;
        case RemoteFunction::timer_start:
            cancel = timer([&](const auto& t) { return t.start(ctx, turn, low(), &op); });
            break;
        case RemoteFunction::media_fetch:
            cancel = media([&](const auto& t) { return t.fetch(ctx, turn, text(0), &op); });
            break;
        case RemoteFunction::media_upload:
            cancel = media([&](const auto& t) { return t.upload(ctx, turn, text(0), text(1), &op); });
            break;
        case RemoteFunction::media_remove:
            cancel = media([&](const auto& t) { return t.remove(ctx, turn, text(0), &op); });
            break;
        case RemoteFunction::kv_get:
            cancel = kv([&](const auto& t) { return t.get(ctx, turn, text(0), &op); });
            break;
        case RemoteFunction::kv_put:
            cancel =
                kv([&](const auto& t) { return t.put(ctx, turn, text(0), text(1), call.numbers[0], &op); });
            break;
        case RemoteFunction::kv_remove:
            cancel = kv([&](const auto& t) { return t.remove(ctx, turn, text(0), call.numbers[0], &op); });
            break;
        case RemoteFunction::kv_list:
            cancel = kv([&](const auto& t) { return t.list(ctx, turn, text(0), text(1), low(), &op); });
            break;
        default:
            break;
    }
    if (status == PARLEY_OK) operations_[op] = {call.op, turn, cancel};
    return {status, {}};
}

RemoteAnswer IsolatedInstance::define_metric(const CallMessage& call) {
    const auto* metrics =
        static_cast<const parley_metrics*>(host_.get_extension(host_.ctx, PARLEY_EXT_METRICS));
    if (metrics == nullptr) return {PARLEY_UNSUPPORTED, {}};
    const auto text = [&](std::size_t i) { return to_parley_str(call.texts[i]); };
    parley_metric metric = 0;
    parley_status status = PARLEY_INVALID;
    switch (static_cast<MetricKind>(call.numbers[0])) {
        case MetricKind::counter:
            status = metrics->counter(host_.ctx, text(0), text(1), text(2), &metric);
            break;
        case MetricKind::gauge:
            status = metrics->gauge(host_.ctx, text(0), text(1), text(2), &metric);
            break;
        case MetricKind::histogram: {
            std::vector<double> bounds;
            for (std::size_t i = 1; i < call.numbers.size(); ++i)
                bounds.push_back(std::bit_cast<double>(call.numbers[i]));
            status = metrics->histogram(host_.ctx, text(0), text(1), text(2), bounds.data(), bounds.size(),
                                        &metric);
            break;
        }
    }
    return status == PARLEY_OK ? number(metric) : RemoteAnswer{status, {}};
}

RemoteAnswer IsolatedInstance::secret(std::string_view name) {
    const auto* secrets =
        static_cast<const parley_secrets*>(host_.get_extension(host_.ctx, PARLEY_EXT_SECRETS));
    if (secrets == nullptr) return {PARLEY_UNSUPPORTED, {}};
    std::string value(most_of_a_secret, '\0');
    std::size_t size = 0;
    const parley_status status =
        secrets->get(host_.ctx, to_parley_str(name), value.data(), value.size(), &size);
    value.resize(status == PARLEY_OK ? size : 0);
    return {status, std::move(value)};
}

}  // namespace parley::kit
