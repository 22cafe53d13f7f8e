// The metrics an agent has defined, and what became of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parley/plugin.h>

namespace parley::testing {

// EXPECT_EQ(host.metrics().value("questions_total", {{"intent", "loan"}}), 2);
class RecordedMetrics {
  public:
    using Labels = std::map<std::string, std::string>;
    enum class Kind { counter, gauge, histogram };

    // Of a counter, as the engine names it but for agent_ before it, or a gauge. Throws std::out_of_range when the
    // agent has not defined it.
    double value(const std::string& name, const Labels& labels = {}) const {
        return find(name, labels).value;
    }
    // What a histogram was given, in order. Throws likewise.
    const std::vector<double>& observed(const std::string& name, const Labels& labels = {}) const {
        return find(name, labels).observed;
    }
    std::size_t size() const { return all_.size(); }
    void forget_observed() {
        for (Recorded& one : all_) one.observed.clear();
    }

    // For the host. The reason of a refusal, or empty.
    std::string define(Kind kind, std::string_view name, std::string_view help, std::string_view labels_json,
                       const std::vector<double>& bounds, std::uint64_t& metric);
    bool add(std::uint64_t metric, double amount);
    bool set(std::uint64_t metric, double value);
    bool observe(std::uint64_t metric, double value);
    static constexpr std::size_t most = 64;

  private:
    struct Recorded {
        Kind kind{};
        std::string name;
        Labels labels;
        double value = 0;
        std::vector<double> observed;
    };
    const Recorded& find(const std::string& name, const Labels& labels) const;
    Recorded* of(std::uint64_t metric, double value);

    std::vector<Recorded> all_;
};

}  // namespace parley::testing
