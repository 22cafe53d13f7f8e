// How the running agents say they are: each is asked from time to time, and the last answer kept.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/agent_instance.hpp"

namespace parley {

struct HealthStatus {
    std::string state;  // ok, degraded, unhealthy, silent (no answer in time)
    std::string text;   // for people; may be empty
    MonoTime since{};   // when it said so; of a silent one: when it was asked
};

// Thread-safe.
class AgentHealth {
  public:
    explicit AgentHealth(const Clock& clock) : clock_(clock) {}  // which outlives every answer

    void step(MonoTime now, const std::vector<std::shared_ptr<AgentInstance>>& agents);
    // None: it has no parley.health/1, or has not answered yet.
    std::optional<HealthStatus> of(const AgentInstance& agent) const;

  private:
    struct Record {
        std::weak_ptr<AgentInstance> agent;
        std::mutex mutex;
        MonoTime asked{};
        bool is_asked = false;  // and has not answered
        bool has_none = false;
        std::optional<HealthStatus> last;
    };
    static void note(Record& record, const AgentAnswer& answer, MonoTime now);
    std::shared_ptr<Record> record_of(const std::shared_ptr<AgentInstance>& agent);

    const Clock& clock_;
    mutable std::mutex mutex_;
    MonoTime next_step_{};
    std::map<const AgentInstance*, std::shared_ptr<Record>> records_;
};

}  // namespace parley
