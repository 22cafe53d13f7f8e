// New versions of agents on trial: which deployment tries which, how their turns end, and when that suffices to judge.
//
// What is tried, and which file served before it, also stands in a file, so that a restart does not make the version on
// trial the one that serves. A version that was taken back is remembered there until another file comes.
// Any thread.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "app/agent_roster.hpp"
#include "app/config.hpp"

namespace parley {

class AgentTrials {
  public:
    struct Saved {
        std::string stable_file, stable_sha256;  // the private copy of what serves
        std::string trial_sha256, trial_version;
        bool is_shadow = false;
        std::string refused;  // why it was taken back; empty: it is being tried
    };
    struct Verdict {
        DeploymentId deployment;
        std::shared_ptr<Agent> agent;
        bool keep = false;
        std::string why;
    };
    using Judge = std::function<void(Verdict)>;

    // `judge` is told once of each trial that has been decided, on any thread, and ends it with take(). It must not block.
    AgentTrials(std::filesystem::path file, const Clock& clock, Judge judge);

    // What the file says; a file that cannot be read is nothing. Before any other function.
    void load();

    std::optional<Saved> saved(const DeploymentId& deployment) const;
    // Replaces an earlier one. With a share of 0 it is a shadow, which is never judged.
    void begin(const DeploymentId& deployment, const FreshAgent& fresh, const CanaryConfig& config,
               const AgentView& stable, const std::filesystem::path& stable_file);
    // Ends the trial, of that agent or of any: its instance, none when it was ended before. `refused` is remembered, unless
    // empty.
    std::optional<FreshAgent> take(const DeploymentId& deployment, const Agent* agent,
                                   const std::string& refused);
    std::filesystem::path trial_copy(
        const DeploymentId& deployment) const;                            // its private copy, while it runs
    void forget(const DeploymentId& deployment);                          // also what was saved
    void refuse(const DeploymentId& deployment, const std::string& why);  // what is saved as being tried

    void turn_ended(const Agent* agent, bool has_failed);
    void crashed(const Agent* agent);
    // Keeps those that have lasted. Says when to look again.
    MonoTime step(MonoTime now);

    std::optional<TrialView> view(const DeploymentId& deployment) const;

  private:
    struct Trial {
        FreshAgent fresh;
        CanaryConfig config;
        MonoTime since{};
        std::uint64_t turns = 0, failures = 0;
        bool is_decided = false;
    };
    void count(const Agent* agent, bool is_turn, bool has_failed);
    void save();  // needs mutex_

    const std::filesystem::path file_;
    const Clock& clock_;
    const Judge judge_;
    mutable std::mutex mutex_;
    std::atomic<bool> has_any_{false};
    std::map<DeploymentId, Trial> trials_;
    std::map<DeploymentId, Saved> saved_;
};

}  // namespace parley
