// Many conversations at once with one instance in the real plugin host: its threads, its locks, real time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kit/check.hpp"

namespace parley::kit {

struct ParallelTalk {
    std::size_t turns = 0;            // given
    std::size_t answered = 0;         // and finished with PARLEY_OK
    std::size_t open = 0;             // when the time was over
    bool is_stuck = false;            // a thread is still inside the agent
    std::vector<std::string> errors;  // of turns that failed
    std::size_t requests = 0;         // over HTTP; then errors may be the answers' fault
};

// HTTP is answered with 200 and {} by a thread of its own. invalid_input: the agent does not start.
Result<ParallelTalk> talk_in_parallel(const Subject& subject, std::size_t conversations, std::size_t messages,
                                      Millis limit);

}  // namespace parley::kit
