// Metrics of an agent. Defined in start(), used anywhere:
//
//   void start() { asked_ = metrics().counter("questions", "Questions that were asked"); }
//   … asked_.add();
//   parley::MetricCounter asked_;
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parley/ext/metrics.h>
#include <parley/sdk/error.hpp>
#include <parley/sdk/extension.hpp>
#include <parley/sdk/text.hpp>

namespace parley {

// Handles; any thread. One that was not defined, or of a host without metrics, does nothing.
class Metric {
  protected:
    Metric() = default;
    friend class MetricDefiner;

    const parley_metrics* metrics_ = nullptr;
    void* ctx_ = nullptr;
    parley_metric id_ = 0;
};

class MetricCounter : public Metric {
  public:
    void add(double amount = 1) const noexcept {
        if (metrics_) metrics_->add(ctx_, id_, amount);
    }
};

class MetricGauge : public Metric {
  public:
    void set(double value) const noexcept {
        if (metrics_) metrics_->set(ctx_, id_, value);
    }
    void add(double amount) const noexcept {
        if (metrics_) metrics_->add(ctx_, id_, amount);
    }
};

class MetricHistogram : public Metric {
  public:
    void observe(double value) const noexcept {
        if (metrics_) metrics_->observe(ctx_, id_, value);
    }
};

// What metrics() gives; only for use in start(). parley/ext/metrics.h tells the rules for names and labels; what
// breaks them throws Refused, which keeps the deployment from starting.
class MetricDefiner {
  public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    explicit MetricDefiner(const parley_host& host)
        : host_(host), metrics_(find_extension(host, PARLEY_EXT_METRICS, &parley_metrics::observe)) {}

    MetricCounter counter(std::string_view name, std::string_view help, Labels labels = {}) const {
        return define<MetricCounter>(name, [&](parley_metric* id) {
            return metrics_->counter(host_.ctx, str(name), str(help), str(json_of(labels)), id);
        });
    }

    MetricGauge gauge(std::string_view name, std::string_view help, Labels labels = {}) const {
        return define<MetricGauge>(name, [&](parley_metric* id) {
            return metrics_->gauge(host_.ctx, str(name), str(help), str(json_of(labels)), id);
        });
    }

    // bounds: upper ends of the buckets, ascending.
    MetricHistogram histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                              Labels labels = {}) const {
        return define<MetricHistogram>(name, [&](parley_metric* id) {
            return metrics_->histogram(host_.ctx, str(name), str(help), str(json_of(labels)), bounds.data(),
                                       bounds.size(), id);
        });
    }

  private:
    template <class Handle, class Define>
    Handle define(std::string_view name, Define define_it) const {
        Handle handle;
        Metric& metric = handle;
        if (!metrics_) return handle;
        const parley_status status = define_it(&metric.id_);
        if (status != PARLEY_OK) require_ok(status, ("metric " + std::string(name)).c_str());
        metric.metrics_ = metrics_;
        metric.ctx_ = host_.ctx;
        return handle;
    }

    static std::string json_of(Labels labels) {
        std::string json;
        for (const auto& [name, value] : labels) {
            json += json.empty() ? '{' : ',';
            append_json_string(json, name);
            json += ':';
            append_json_string(json, value);
        }
        return json.empty() ? json : json + '}';
    }

    const parley_host& host_;
    const parley_metrics* metrics_;
};

}  // namespace parley
