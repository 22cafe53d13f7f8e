// Dispatcher: gives each conversation's messages to its agent, one after another, and commits what comes of them.
//
// Promise   One open turn a conversation; conversations do not wait for each other, unless their agent has its
//           fill of turns: then the next begins, with its whole deadline, when one of them has ended. A turn that
//           fails, misses its deadline or makes a reply that WhatsApp does not take commits the deployment's
//           fallback reply and a dead letter together. One whose agent's process ended begins again; as often as
//           Deployment::attempts allows when it ended in that turn. A turn that its agent postpones begins again later;
//           meanwhile its conversation waits and nobody else.
// Threads   Everything may be called from any thread; nothing blocks. Agents, the store and the pump are called
//           outside the lock.
// Time      step(now) takes overdue turns away; the dispatcher asks to be woken through Wakeup.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/metrics.hpp"
#include "base/random.hpp"
#include "core/agent.hpp"
#include "core/conversation_lane.hpp"
#include "core/inbound_sink.hpp"
#include "core/outbox_pump.hpp"
#include "core/timer_loop.hpp"
#include "core/turn_observer.hpp"

namespace parley {

// One reply as an agent made it -> the native messages it becomes (long texts are split), or what is wrong with it.
using PrepareReply = std::function<Result<std::vector<PreparedMessage>>(const std::string& native_json)>;

struct DispatcherOptions {
    std::size_t max_turns = 512;  // open ones of a deployment; an agent has at least two operations for each
};

class Dispatcher {
  public:
    struct Ports {
        MessageStore& store;
        OutboxPump& pump;
        Sender& presence;  // read marks and typing
        const Clock& clock;
        Random& random;
        Metrics& metrics;
        Wakeup& wakeup;
        PrepareReply prepare;
        std::function<void(WallTime due)> on_followup = {};  // one was committed; any thread
        TurnObserver* observer = nullptr;                    // may be null
    };
    Dispatcher(DispatcherOptions options, Ports ports);
    ~Dispatcher();

    // Before the first message of that deployment, and again to replace its agent: the next turns are the new one's.
    // Those that are open may end with the old one until `drain` from now; then they are taken away and begin again with
    // the new one, for nothing of them was committed. The old one is released when its last turn has ended.
    void set_agent(const DeploymentId& deployment, std::shared_ptr<Agent> agent, std::uint32_t state_schema,
                   Millis drain = {});

    // Beside the agent, another one gets a share of the conversations (0 to 1), always the same ones for the same `salt`,
    // until end_trial() or set_agent().
    void try_agent(const DeploymentId& deployment, std::shared_ptr<Agent> agent, std::uint32_t state_schema,
                   double share, std::uint64_t salt);
    // The agent on trial takes the other one's place, or it goes. Who goes may end its turns as in set_agent. False when
    // it is not on trial any more.
    bool end_trial(const DeploymentId& deployment, const Agent* agent, bool keep, Millis drain);

    // The deployment gets no further messages: its agent is released when it has answered those that wait.
    void remove_agent(const DeploymentId& deployment);

    void submit(std::vector<QueuedMessage> messages);  // durable ones, in order
    bool watch(ItemSeq seq, TurnWatcher& watcher);     // takes the watcher if a turn of `seq` waits or runs
    MonoTime step(MonoTime now);

    std::size_t size() const;      // messages in memory
    std::size_t pressing() const;  // of those, the ones that do not wait for a postponed turn
    std::size_t open_turns() const;
    void stop_starting();  // begins no further turn; for draining

    // While one exists, states of conversations that went idle are remembered: whoever read the store before
    // may still submit messages with an older snapshot.
    class ReadGuard {
      public:
        explicit ReadGuard(Dispatcher& dispatcher) : dispatcher_(dispatcher) {
            const std::lock_guard lock(dispatcher_.mutex_);
            ++dispatcher_.readers_;
        }
        ~ReadGuard() {
            const std::lock_guard lock(dispatcher_.mutex_);
            if (--dispatcher_.readers_ == 0) dispatcher_.recent_states_.clear();
        }
        ReadGuard(const ReadGuard&) = delete;
        ReadGuard& operator=(const ReadGuard&) = delete;

      private:
        Dispatcher& dispatcher_;
    };

  private:
    using Hosted = HostedAgents;
    using Lane = ConversationLane;
    struct Start {
        std::shared_ptr<Agent> agent;
        TurnPtr turn;
        bool is_again = false;
    };
    struct Draining {
        std::weak_ptr<Agent> agent;  // that was replaced
        MonoTime until{};
    };
    struct Counters;

    void begin_next(ConversationId id, Lane& lane, std::vector<Start>& starts);  // needs mutex_
    void begin_line(Hosted& hosted, std::vector<Start>& starts);                 // needs mutex_
    void keep_deadline(Lane& lane, const TurnPtr& turn);                         // needs mutex_
    void retry_parked(std::vector<Start>& starts);                               // needs mutex_
    void count_out(const DeploymentId& deployment);                              // needs mutex_
    void choose_agent(ConversationId id, Lane& lane) const;                      // needs mutex_
    void open_turn(ConversationId id, Lane& lane, TurnEvent event,
                   std::vector<Start>& starts);                                              // needs mutex_
    void drain_later(const std::shared_ptr<Agent>& agent, Millis drain);                     // needs mutex_
    void end_draining(MonoTime now, std::vector<Start>& taken, std::vector<Start>& starts);  // needs mutex_
    void begin(std::vector<Start> starts);
    void finished(ConversationId id, TurnResult result);
    void begin_again(ConversationId id, bool crashed);
    void postpone(ConversationId id, Millis wait);
    void begin_due(MonoTime now, std::vector<Start>& starts);  // needs mutex_
    void committed(ConversationId id, WallTime window_from, TurnSummary summary, ConversationState state,
                   Result<std::vector<OutboundId>> ids);
    TurnCommit commit_of(const TurnEvent& event, TurnResult result, std::uint32_t state_schema);
    void add_followups(TurnCommit& commit, const TurnEvent& event, std::vector<FollowupOrder> orders);
    std::vector<NewOutbound> replies_of(const TurnEvent& event, TurnResult& result);
    Result<std::vector<NewOutbound>> outbound_of(const TurnEvent& event,
                                                 const std::vector<std::string>& replies);

    const DispatcherOptions options_;
    Ports ports_;
    std::unique_ptr<Counters> counters_;
    mutable std::mutex mutex_;
    std::unordered_map<ConversationId, Lane> lanes_;
    std::unordered_map<DeploymentId, Hosted> agents_;
    std::vector<Draining> draining_;
    std::map<std::pair<MonoTime, ConversationId>, TurnPtr> deadlines_;  // open turns only
    std::multimap<MonoTime, ConversationId> postponed_;
    std::size_t apart_ = 0;  // messages that wait for a postponed turn, that one's included
    std::unordered_map<ConversationId, ConversationState> recent_states_;
    std::size_t readers_ = 0;
    std::size_t size_ = 0;
    std::size_t open_turns_ = 0;
    bool any_parked_ = false;
    bool stopped_ = false;
};

}  // namespace parley
