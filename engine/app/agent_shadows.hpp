// Versions of agents that think along without being heard: each gets the turns of its deployment too, and what it would
// have said goes into the records.
//
// A shadow must not harm what it shadows: it has few turns open, one a conversation, and is left out of a turn rather
// than waited for.
// Any thread.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "base/metrics.hpp"
#include "core/agent.hpp"
#include "store/record_line.hpp"

namespace parley {

class AgentShadows {
  public:
    using Record = std::function<void(RecordedTurn)>;

    AgentShadows(const Clock& clock, Metrics& metrics, Record record);

    void begin(const DeploymentId& deployment, std::shared_ptr<Agent> agent);  // in place of an earlier one
    void end(const DeploymentId& deployment);

    // Gives the shadow of its deployment, if there is one, the same event. Returns at once.
    void mirror(const TurnEvent& event);
    // Ends turns that are beyond their deadline. Says when to look again.
    MonoTime step(MonoTime now);

  private:
    struct Open {
        TurnPtr turn;
        std::shared_ptr<Agent> agent;
    };
    void finished(ConversationId conversation, TurnResult result);

    const Clock& clock_;
    const Record record_;
    Counter &heard_, &left_out_;
    std::atomic<bool> has_any_{false};
    std::mutex mutex_;
    std::map<DeploymentId, std::shared_ptr<Agent>> agents_;
    std::map<ConversationId, Open> open_;
};

}  // namespace parley
