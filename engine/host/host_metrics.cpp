#include "host/host_metrics.hpp"

#include <bit>
#include <cstring>

#include "host/host_services.hpp"
#include "host/host_text.hpp"

namespace parley {
namespace {

constexpr std::size_t max_bounds = 32;
constexpr std::size_t max_shown = 64;

HostServices& services(void* ctx) {
    return *static_cast<HostServices*>(ctx);
}

std::uint64_t number_in(const std::string& data) {
    std::uint64_t number = 0;
    if (data.size() == sizeof number) std::memcpy(&number, data.data(), sizeof number);
    return number;
}

struct Bounds {
    const double* first = nullptr;
    std::size_t count = 0;
};

parley_status define(void* ctx, MetricKind kind, parley_str name_text, parley_str help_text,
                     parley_str labels_text, Bounds bounds, parley_metric* metric) {
    try {
        HostServices& host = services(ctx);
        RemoteCall call{
            RemoteFunction::metric_define, 0, 0, {{}, {}, {}}, {static_cast<std::uint64_t>(kind)}};
        if (metric == nullptr || !read_parley_str(name_text, call.texts[0]) ||
            !read_parley_str(help_text, call.texts[1]) || !read_parley_str(labels_text, call.texts[2]) ||
            bounds.count > max_bounds || (bounds.first == nullptr && bounds.count > 0))
            return PARLEY_INVALID;
        if (host.has_started()) {
            host.refused("agent metric refused", one_line(call.texts[0], max_shown) +
                                                     ": metrics are defined before start has returned");
            return PARLEY_DENIED;
        }
        for (std::size_t i = 0; i < bounds.count; ++i)
            call.numbers.push_back(std::bit_cast<std::uint64_t>(bounds.first[i]));
        EngineLink* const engine = host.ports().engine;
        RemoteAnswer answer = engine != nullptr ? engine->call(call) : define_metric(host, call);
        if (answer.status == PARLEY_OK && engine != nullptr)
            answer = define_metric(host, call, number_in(answer.data));
        if (answer.status == PARLEY_OK) *metric = number_in(answer.data);
        return answer.status;
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

parley_status define_counter(void* ctx, parley_str name, parley_str help, parley_str labels,
                             parley_metric* metric) {
    return define(ctx, MetricKind::counter, name, help, labels, {}, metric);
}

parley_status define_gauge(void* ctx, parley_str name, parley_str help, parley_str labels,
                           parley_metric* metric) {
    return define(ctx, MetricKind::gauge, name, help, labels, {}, metric);
}

parley_status define_histogram(void* ctx, parley_str name, parley_str help, parley_str labels,
                               const double* bounds, std::size_t count, parley_metric* metric) {
    return define(ctx, MetricKind::histogram, name, help, labels, {bounds, count}, metric);
}

template <MetricChange change>
parley_status apply(void* ctx, parley_metric metric, double value) {
    try {
        HostServices& host = services(ctx);
        if (!host.metrics().change(metric, change, value)) return PARLEY_INVALID;
        if (EngineLink* const engine = host.ports().engine)
            engine->change_metric(host.metrics().engines_number(metric), change, value);
        return PARLEY_OK;
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

}  // namespace

RemoteAnswer define_metric(HostServices& host, const RemoteCall& call, std::uint64_t engines) {
    MetricDefinition definition{
        static_cast<MetricKind>(call.numbers[0]), call.texts[0], call.texts[1], call.texts[2], {}};
    for (std::size_t i = 1; i < call.numbers.size(); ++i)
        definition.bounds.push_back(std::bit_cast<double>(call.numbers[i]));
    const auto made = host.metrics().define(definition, engines);
    if (made) {
        std::string number(sizeof *made, '\0');
        std::memcpy(number.data(), &*made, sizeof *made);
        return {PARLEY_OK, std::move(number)};
    }
    host.refused("agent metric refused", one_line(call.texts[0], max_shown) + ": " + made.error().message());
    return {made.error().code() == Errc::busy ? PARLEY_LIMIT : PARLEY_INVALID, {}};
}

const parley_metrics host_metrics_table{sizeof(parley_metrics),
                                        define_counter,
                                        define_gauge,
                                        define_histogram,
                                        apply<MetricChange::add>,
                                        apply<MetricChange::set>,
                                        apply<MetricChange::observe>};

}  // namespace parley
