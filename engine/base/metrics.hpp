// Counters, gauges and histograms of the engine, in Prometheus' text form.
//
// A module receives a Metrics& and asks once, at construction, for the handles it needs; using a handle is
// lock-free. Names end in _total, _seconds or _bytes as Prometheus advises. Labels are few and bounded: never
// a user or message.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace parley {

using MetricLabels = std::map<std::string, std::string>;

class Counter {
  public:
    virtual ~Counter() = default;
    virtual void add(double n = 1) = 0;
    virtual double value() const = 0;
};

class Gauge {
  public:
    virtual ~Gauge() = default;
    virtual void set(double v) = 0;
    virtual void add(double n) = 0;
    virtual double value() const = 0;
};

class Histogram {
  public:
    virtual ~Histogram() = default;
    virtual void observe(double v) = 0;
};

class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // The same name and labels give the same handle, which lives as long as this object. Any thread.
    Counter& counter(const std::string& name, const std::string& help, const MetricLabels& labels = {});
    Gauge& gauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});
    Histogram& histogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                         const MetricLabels& labels = {});

    std::string text() const;  // the exposition format 0.0.4

  private:
    struct Registry;
    std::unique_ptr<Registry> registry_;
};

}  // namespace parley
