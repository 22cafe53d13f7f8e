// DeadLetters: what no agent and no send could finish gets another try, or is dropped, when a person says so.
//
// Threads   Any; blocks until the store has it, so never from the spine.
#pragma once

#include "core/intake.hpp"

namespace parley {

class DeadLetters {
  public:
    struct Ports {
        MessageStore& store;
        Intake& intake;
        OutboxPump& pump;
        const Clock& clock;
        ReadMessage read;
    };
    explicit DeadLetters(Ports ports) : ports_(std::move(ports)) {}

    // Newest first, see MessageStore.
    Result<std::vector<DeadLetterRecord>> list(std::int64_t before, std::size_t limit) {
        return ports_.store.dead_letters(before, limit);
    }
    // not_found: there is none of this number.
    Result<DeadLetterRecord> find(std::int64_t letter);
    // Its message goes to its agent, or is sent, as if for the first time, after what waits in its conversation now.
    // not_found; conflict: it is not dead any more; unavailable: the disk refuses, or the engine still reads what an
    // earlier one left.
    Result<> retry(std::int64_t letter);
    Result<> drop(std::int64_t letter);

  private:
    Result<> revive(std::int64_t letter, std::vector<QueuedMessage>& messages);
    Result<Revived> end(std::int64_t letter, bool retry);

    Ports ports_;
};

}  // namespace parley
