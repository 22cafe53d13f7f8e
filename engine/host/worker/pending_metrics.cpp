#include "host/worker/pending_metrics.hpp"

#include <utility>

namespace parley {

void PendingMetrics::change(std::uint64_t metric, MetricChange change, double value) {
    if (change == MetricChange::observe) {
        observed_.emplace_back(metric, value);
    } else if (change == MetricChange::set) {
        set_[metric] = value;
        added_.erase(metric);  // it came before
    } else if (const auto found = set_.find(metric); found != set_.end()) {
        found->second += value;
    } else {
        added_[metric] += value;
    }
}

std::optional<MetricsMessage> PendingMetrics::take() {
    if (set_.empty() && added_.empty() && observed_.empty()) return std::nullopt;
    MetricsMessage message{
        {added_.begin(), added_.end()}, {set_.begin(), set_.end()}, std::exchange(observed_, {})};
    set_.clear();
    added_.clear();
    return message;
}

}  // namespace parley
