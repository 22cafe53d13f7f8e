// OutboxDecisions: a person says what becomes of a message that waits to be sent, or of which nobody knows whether it was.
//
// Threads   Any; blocks until the store has it, so never from the spine.
#pragma once

#include <string>

#include "core/intake.hpp"

namespace parley {

class OutboxDecisions {
  public:
    struct Ports {
        MessageStore& store;
        Intake& intake;
        OutboxPump& pump;
        const Clock& clock;
    };
    explicit OutboxDecisions(Ports ports) : ports_(std::move(ports)) {}

    // `by`: who says so. not_found; conflict: it is in another state, or is being sent now; unavailable: the disk refuses,
    // or the engine still reads what an earlier one left.
    Result<> send(OutboundId message, const std::string& by) { return decide(message, true, by); }
    Result<> cancel(OutboundId message, const std::string& by) { return decide(message, false, by); }

  private:
    Result<> decide(OutboundId message, bool send, const std::string& by);

    Ports ports_;
};

}  // namespace parley
