// What the outbox pump knows of a recipient, and of a number that sends.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "core/outbound.hpp"
#include "core/token_bucket.hpp"

namespace parley {

// What a person decided about a message that had not left.
enum class HandDecision { nothing, cancelled, send };

// The messages to one recipient, in order.
struct OutboxLane {
    enum class State { idle, ready, asking, calling, recording, waiting, held, claimed };
    struct Doubt {
        std::optional<WallTime> held_since;
    };
    struct Queued {
        OutboundMessage message;
        std::optional<Doubt> doubt;
        // It is a template, or nobody knows when the person last wrote: Graph may judge.
        bool any_window = false;
    };

    std::deque<Queued> queue;
    State state = State::idle;
    MonoTime due{};              // of waiting and held
    MonoTime called{};           // when the call began
    bool settled = false;        // a status came for the message that is being called, or is claimed
    bool was_held = false;       // before it was claimed
    bool refused_token = false;  // it waits because Graph refused the token
    unsigned token = 0;          // which of the number's tokens the call has
};

struct OutboxNumber {
    TokenBucket bucket;
    std::deque<ConversationId> ready;
    MonoTime paused_until{};
    std::string trouble;  // why Graph took nothing the last time; empty: it did
    Secret token;
    unsigned tokens = 0;         // how often it has changed
    bool refused_token = false;  // it is paused because Graph refused the token
};

}  // namespace parley
