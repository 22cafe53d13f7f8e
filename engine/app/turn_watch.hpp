// Who looks on while turns are answered: the records, the judge of versions on trial, and shadows.
#pragma once

#include "app/agent_shadows.hpp"
#include "app/agent_trials.hpp"
#include "core/turn_observer.hpp"
#include "store/record_log.hpp"

namespace parley {

// state_dir/DATABASE.records
std::filesystem::path records_folder(const Config& config);

// Of the deployments that are recorded, with the secrets that their records must not hold.
RecordPlans record_plans(const Config& config);

// Any thread.
class TurnWatch final : public TurnObserver {
  public:
    TurnWatch(RecordLogOptions options, RecordPlans plans, const Clock& clock, Metrics& metrics);

    void set_plans(RecordPlans plans) { records_.set_plans(std::move(plans)); }

    // See RecordLog.
    Result<std::uint64_t> erase_records(std::set<ConversationId> of) { return records_.erase(std::move(of)); }
    void remember(const std::set<ConversationId>& of) { records_.remember(of); }

    void set_trials(AgentTrials& trials) { trials_ = &trials; }  // before the first turn

    AgentShadows& shadows() noexcept { return shadows_; }

    void begins(const TurnPtr& turn) override;
    void ended(const TurnPtr& turn, const TurnResult& result, const Agent* agent) override;
    void crashed(const Turn& turn, const Agent* agent) override;

  private:
    const Clock& clock_;
    RecordLog records_;
    AgentShadows shadows_;
    AgentTrials* trials_ = nullptr;
};

}  // namespace parley
