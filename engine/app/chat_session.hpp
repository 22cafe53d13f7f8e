// One person talking to one agent in this process: real turns, a store in memory, nobody at the other end of
// Graph.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "app/engine.hpp"
#include "app/trial_surroundings.hpp"
#include "core/inbound_sink.hpp"

namespace parley {

// What a user can send: a text, or a tap on a button or list row of an earlier reply.
struct ChatInput {
    std::string text;
    std::string reply_kind;  // "button_reply" or "list_reply"; empty for a text
    std::string reply_id;
};

class ChatSession {
  public:
    // Starts the agent of `deployment`. Errors as Engine::start.
    static Result<std::unique_ptr<ChatSession>> start(const Config& config,
                                                      const DeploymentConfig& deployment,
                                                      EngineEnvironment environment);
    ~ChatSession();
    ChatSession(const ChatSession&) = delete;
    ChatSession& operator=(const ChatSession&) = delete;

    // Blocks until the turn has ended; at most the deployment's deadline.
    Result<TurnSummary> say(const ChatInput& input);

    // Puts the clock forward, and stops for each follow-up of the agent that is due by then: those that answered, in order.
    Result<std::vector<TurnSummary>> advance(Millis duration, AdvancedClock& clock);

    // The conversation's document; empty when the agent has kept none.
    Result<std::string> state();
    // From now on somebody else writes, whom the agent does not know.
    void reset();
    // Another library takes over, in the middle of the conversation. On an error the old one stays.
    Result<> swap(const std::string& agent_file);
    TrialHttp& http();
    std::string agent_id() const;

  private:
    struct Parts;
    Result<StoredItem> store(const ChatInput& input, QueuedMessage* message, bool is_said = true);
    explicit ChatSession(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace parley
