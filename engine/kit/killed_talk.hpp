// Conversations with an agent in a worker process that is killed: the engine's own plugin host, its supervision, real time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kit/check.hpp"

namespace parley::kit {

struct KilledTalk {
    std::size_t given = 0;            // messages, each counted once
    std::size_t answered = 0;         // finished with PARLEY_OK, or not because of what HTTP answered
    std::size_t dead = 0;             // given up: the process ended in them twice
    std::size_t open = 0;             // without an end when the time was over
    std::size_t kills = 0;            // of the process
    std::vector<std::string> errors;  // of turns that failed
    bool runs = true;                 // the process, when the time was over
    std::string last_end;             // of the process, in the engine's words
    bool has_stopped = true;          // when it was told to
};

// Kills the process so many times while all conversations talk, at moments that the subject's seed chooses.
// Errors: the agent does not start.
Result<KilledTalk> talk_with_kills(const Subject& subject, std::size_t kills, Millis limit);

// Kills the process each time one certain message has been given to it. Others were given at the same time; and others
// follow.
Result<KilledTalk> talk_with_poison(const Subject& subject, Millis limit);

}  // namespace parley::kit
