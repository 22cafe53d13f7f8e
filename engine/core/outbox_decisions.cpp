#include "core/outbox_decisions.hpp"

#include <future>

#include "base/log.hpp"

namespace parley {

Result<> OutboxDecisions::decide(OutboundId message, bool send, const std::string& by) {
    if (!ports_.intake.has_recovered_outbox())
        return Error(Errc::unavailable, "the engine still reads what waits in its store; try again");
    if (!ports_.pump.claim(message))
        return Error(Errc::conflict, "the message is being sent now, or somebody else decides about it");
    std::promise<Result<>> decided;
    auto waiting = decided.get_future();
    ports_.store.decide_outbound({message, send, ports_.clock.wall(), by}, [&](Result<OutboundMessage> done) {
        if (done) {
            ports_.pump.release(*done, send ? HandDecision::send : HandDecision::cancelled);
        } else {
            OutboundMessage untouched;
            untouched.id = message;
            ports_.pump.release(untouched, HandDecision::nothing);
        }
        decided.set_value(done ? Result<>() : Result<>(done.error()));
    });
    auto done = waiting.get();
    if (done)
        log_info(send ? "held message is sent again by hand" : "message cancelled by hand",
                 {{"message", to_int(message)}, {"by", by}});
    return done;
}

}  // namespace parley
