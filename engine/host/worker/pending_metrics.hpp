// Changes of metrics that the engine has not been told yet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "host/engine_link.hpp"
#include "host/extension_messages.hpp"

namespace parley {

// Not thread-safe.
class PendingMetrics {
  public:
    static constexpr std::size_t most_observed = 256;  // PayloadReader::max_items

    void change(std::uint64_t metric, MetricChange change, double value);
    bool is_full() const { return observed_.size() >= most_observed; }
    std::optional<MetricsMessage> take();  // none: nothing has changed

  private:
    std::map<std::uint64_t, double> set_, added_;  // at most as many as an agent has metrics
    std::vector<std::pair<std::uint64_t, double>> observed_;
};

}  // namespace parley
