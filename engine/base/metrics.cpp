#include "base/metrics.hpp"

#include <mutex>
#include <unordered_map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace parley {
namespace {

struct PromCounter final : Counter {
    explicit PromCounter(prometheus::Counter& c) : metric(c) {}
    void add(double n) override { metric.Increment(n); }
    double value() const override { return metric.Value(); }
    prometheus::Counter& metric;
};
struct PromGauge final : Gauge {
    explicit PromGauge(prometheus::Gauge& g) : metric(g) {}
    void set(double v) override { metric.Set(v); }
    void add(double n) override { metric.Increment(n); }
    double value() const override { return metric.Value(); }
    prometheus::Gauge& metric;
};
struct PromHistogram final : Histogram {
    explicit PromHistogram(prometheus::Histogram& h) : metric(h) {}
    void observe(double v) override { metric.Observe(v); }
    prometheus::Histogram& metric;
};

}  // namespace

struct Metrics::Registry {
    // One handle for each metric; Prometheus' own Add returns the same metric for the same labels.
    template <class Handle, class Port, class Metric>
    Port& handle(std::unordered_map<const Metric*, std::unique_ptr<Port>>& handles, Metric& metric) {
        auto& slot = handles[&metric];
        if (!slot) slot = std::make_unique<Handle>(metric);
        return *slot;
    }
    std::mutex mutex;
    prometheus::Registry registry;
    std::unordered_map<const prometheus::Counter*, std::unique_ptr<Counter>> counters;
    std::unordered_map<const prometheus::Gauge*, std::unique_ptr<Gauge>> gauges;
    std::unordered_map<const prometheus::Histogram*, std::unique_ptr<Histogram>> histograms;
};

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(const std::string& name, const std::string& help, const MetricLabels& labels) {
    const std::lock_guard lock(registry_->mutex);
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_->registry);
    return registry_->handle<PromCounter>(registry_->counters, family.Add(labels));
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const MetricLabels& labels) {
    const std::lock_guard lock(registry_->mutex);
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_->registry);
    return registry_->handle<PromGauge>(registry_->gauges, family.Add(labels));
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              const std::vector<double>& buckets, const MetricLabels& labels) {
    const std::lock_guard lock(registry_->mutex);
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry_->registry);
    return registry_->handle<PromHistogram>(registry_->histograms, family.Add(labels, buckets));
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_->registry.Collect());
}

}  // namespace parley
