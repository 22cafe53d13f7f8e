#include "host_extras.hpp"

#include <cstring>
#include <string_view>

#include <parley/sdk/text.hpp>

#include "host_state.hpp"

namespace parley::testing {

namespace {

constexpr std::size_t longest_name = 256;

thread_local const HostState* called_agent = nullptr;

HostState& state_of(void* ctx) {
    return *static_cast<HostState*>(ctx);
}

// The hooks of the test around a call without a turn.
template <class Call>
parley_status hooked(HostState& state, std::string_view name, std::string_view text, Call call) {
    const HostHooks& hooks = state.options.hooks;
    state.require_running(std::string(name).c_str());
    parley_status status = hooks.refuse ? hooks.refuse(name) : PARLEY_OK;
    if (status == PARLEY_OK) status = call();
    if (hooks.observe) hooks.observe({name, 0, text, status});
    return status;
}

parley_status get_secret(void* ctx, parley_str name, char* buffer, std::size_t cap, std::size_t* size) {
    HostState& state = state_of(ctx);
    return hooked(state, "secrets.get", view(name), [&]() -> parley_status {
        if (!size || name.size == 0 || name.size > longest_name) return PARLEY_INVALID;
        const auto found = state.options.secrets.find(std::string(view(name)));
        const bool is_known = found != state.options.secrets.end();
        if (!is_known && !state.options.any_secret) return PARLEY_DENIED;
        const std::string& value = is_known ? found->second : *state.options.any_secret;
        *size = value.size();
        if (value.size() > cap) return PARLEY_LIMIT;
        std::memcpy(buffer, value.data(), value.size());
        state.extras.secrets_read.emplace_back(view(name));
        return PARLEY_OK;
    });
}

parley_status define(HostState& state, RecordedMetrics::Kind kind, parley_str name, parley_str help,
                     parley_str labels, const std::vector<double>& bounds, parley_metric* metric) {
    return hooked(state, "metrics.define", view(name), [&]() -> parley_status {
        if (!metric) return PARLEY_INVALID;
        if (state.extras.has_started) {
            state.blame("metrics: defined after start has returned");
            return PARLEY_DENIED;
        }
        if (state.extras.recorded.size() >= RecordedMetrics::most) return PARLEY_LIMIT;
        const std::string refusal =
            state.extras.recorded.define(kind, view(name), view(help), view(labels), bounds, *metric);
        if (refusal.empty()) return PARLEY_OK;
        state.log.push_back({PARLEY_LOG_WARNING, 0, refusal, {}});
        return PARLEY_INVALID;
    });
}

parley_status define_counter(void* ctx, parley_str name, parley_str help, parley_str labels,
                             parley_metric* metric) {
    return define(state_of(ctx), RecordedMetrics::Kind::counter, name, help, labels, {}, metric);
}

parley_status define_gauge(void* ctx, parley_str name, parley_str help, parley_str labels,
                           parley_metric* metric) {
    return define(state_of(ctx), RecordedMetrics::Kind::gauge, name, help, labels, {}, metric);
}

parley_status define_histogram(void* ctx, parley_str name, parley_str help, parley_str labels,
                               const double* bounds, std::size_t count, parley_metric* metric) {
    if (!bounds) count = 0;
    return define(state_of(ctx), RecordedMetrics::Kind::histogram, name, help, labels,
                  {bounds, bounds + count}, metric);
}

// A metric that was refused is a metric the agent does not have: using it is a mistake.
template <bool (RecordedMetrics::*change)(std::uint64_t, double)>
parley_status apply(void* ctx, parley_metric metric, double value) {
    HostState& state = state_of(ctx);
    state.require_running("metrics");
    if ((state.extras.recorded.*change)(metric, value)) return PARLEY_OK;
    state.blame("metrics: changed a metric that it does not have, or in a way that this kind does not allow");
    return PARLEY_INVALID;
}

std::int32_t is_agent(void* ctx) {
    return called_agent == ctx ? 1 : 0;
}

}  // namespace

AgentCallMark::AgentCallMark(const HostState& of) noexcept {
    called_agent = &of;
}

AgentCallMark::~AgentCallMark() {
    called_agent = nullptr;
}

void connect_extras(HostState& state) {
    state.extras.metrics = {sizeof(parley_metrics),
                            &define_counter,
                            &define_gauge,
                            &define_histogram,
                            &apply<&RecordedMetrics::add>,
                            &apply<&RecordedMetrics::set>,
                            &apply<&RecordedMetrics::observe>};
    connect_kv(state);
    state.extras.thread_check = {sizeof(parley_thread_check), &is_agent};
    state.extras.secrets = {sizeof(parley_secrets), &get_secret};
}

const void* extra_extension(const HostState& state, const char* id) {
    if (std::strcmp(id, PARLEY_EXT_SECRETS) == 0) return &state.extras.secrets;
    if (std::strcmp(id, PARLEY_EXT_KV) == 0) return &state.extras.kv;
    if (std::strcmp(id, PARLEY_EXT_METRICS) == 0) return &state.extras.metrics;
    if (std::strcmp(id, PARLEY_EXT_THREAD_CHECK) == 0) return &state.extras.thread_check;
    return nullptr;
}

}  // namespace parley::testing
