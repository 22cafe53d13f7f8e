#include "host/agent_health.hpp"

#include <parley/ext/health.h>

#include "host/host_text.hpp"

namespace parley {
namespace {

constexpr Millis look_every{250};
constexpr Millis ask_every{10'000};
constexpr Millis patience{5'000};
constexpr std::size_t max_text = 1024;

const char* to_word(std::int32_t level) {
    if (level == PARLEY_HEALTH_OK) return "ok";
    return level == PARLEY_HEALTH_DEGRADED ? "degraded" : "unhealthy";
}

}  // namespace

void AgentHealth::note(Record& record, const AgentAnswer& answer, MonoTime now) {
    const std::lock_guard lock(record.mutex);
    record.is_asked = false;
    if (answer.status == PARLEY_UNSUPPORTED) {
        record.has_none = true;
        record.last.reset();
        return;
    }
    const std::string text = one_line(answer.text, max_text);
    // A process that ends has its own place in the view.
    if (answer.status == PARLEY_CANCELLED && !record.last) return;
    if (answer.status == PARLEY_OK)
        record.last = HealthStatus{to_word(answer.level), text, now};
    else
        record.last = HealthStatus{answer.status == PARLEY_CANCELLED ? "silent" : "unhealthy", text, now};
}

std::shared_ptr<AgentHealth::Record> AgentHealth::record_of(const std::shared_ptr<AgentInstance>& agent) {
    auto& record = records_[agent.get()];
    if (!record) {
        record = std::make_shared<Record>();
        record->agent = agent;
        record->asked = MonoTime::min();
    }
    return record;
}

void AgentHealth::step(MonoTime now, const std::vector<std::shared_ptr<AgentInstance>>& agents) {
    std::vector<std::pair<std::shared_ptr<AgentInstance>, std::shared_ptr<Record>>> to_ask;
    {
        const std::lock_guard lock(mutex_);
        if (now < next_step_) return;
        next_step_ = now + look_every;
        std::erase_if(records_, [](const auto& known) { return known.second->agent.expired(); });
        for (const auto& agent : agents) to_ask.emplace_back(agent, record_of(agent));
    }
    for (const auto& [agent, record] : to_ask) {
        {
            const std::lock_guard lock(record->mutex);
            // Until it has answered once it may have no parley.health/1 to answer by.
            const bool can_answer = record->last || agent->info().manifest.names_extension(PARLEY_EXT_HEALTH);
            if (record->is_asked && can_answer && now - record->asked >= patience)
                record->last = HealthStatus{"silent", "it does not answer", record->asked};
            const bool is_due = record->asked == MonoTime::min() || now - record->asked >= ask_every;
            if (record->is_asked || record->has_none || !is_due) continue;
            record->is_asked = true;
            record->asked = now;
        }
        agent->ask(AgentQuestion::health, {}, {},
                   [kept = record, &clock = clock_](const AgentAnswer& answer) {
                       note(*kept, answer, clock.mono());
                   });
    }
}

std::optional<HealthStatus> AgentHealth::of(const AgentInstance& agent) const {
    std::shared_ptr<Record> record;
    {
        const std::lock_guard lock(mutex_);
        const auto found = records_.find(&agent);
        if (found == records_.end()) return std::nullopt;
        record = found->second;
    }
    const std::lock_guard lock(record->mutex);
    return record->last;
}

}  // namespace parley
