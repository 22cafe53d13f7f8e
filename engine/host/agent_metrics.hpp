// The metrics of one agent instance, behind the numbers it knows them by.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.hpp"
#include "base/result.hpp"

namespace parley {

enum class MetricKind : std::uint8_t { counter = 1, gauge, histogram };
enum class MetricChange : std::uint8_t { add = 1, set, observe };

struct MetricDefinition {
    MetricKind kind{};
    std::string_view name, help, labels_json;
    std::vector<double> bounds;  // of histograms
};

// Thread-safe; a change takes no lock.
class AgentMetrics {
  public:
    AgentMetrics(Metrics& metrics, MetricLabels labels) : metrics_(metrics), labels_(std::move(labels)) {}

    // The rules of ext/metrics.h: invalid_input says which one is broken, busy that there are too many.
    // `engines`: in a worker, the engine's number of it.
    Result<std::uint64_t> define(const MetricDefinition& definition, std::uint64_t engines = 0);
    // False when there is no such metric, or the value is not for it.
    bool change(std::uint64_t metric, MetricChange change, double value);
    std::uint64_t engines_number(std::uint64_t metric) const {
        return slots_[metric - 1].engines;
    }  // of a defined one

  private:
    struct Slot {
        MetricKind kind{};
        std::string key;  // name and labels
        Counter* counter = nullptr;
        Gauge* gauge = nullptr;
        Histogram* histogram = nullptr;
        std::uint64_t engines = 0;
    };
    Result<Slot> make(const MetricDefinition& definition, MetricLabels labels);

    Metrics& metrics_;
    const MetricLabels labels_;
    std::mutex defining_;
    std::array<Slot, 64> slots_;
    std::atomic<std::uint64_t> count_{0};
};

}  // namespace parley
