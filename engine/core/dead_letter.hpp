// A dead letter: what no agent and no send could finish.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"

namespace parley {

struct DeadLetter {
    std::string reason;  // one line: what failed
    std::string detail;  // the agent's or Graph's own words
};

struct DeadLetterRecord {
    std::int64_t id = 0;
    bool inbound = true;       // else an outbound message
    std::int64_t message = 0;  // ItemSeq or OutboundId
    WallTime at{};
    DeadLetter letter;
};

}  // namespace parley
