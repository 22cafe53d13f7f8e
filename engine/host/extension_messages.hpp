// The payloads of frames about what an agent does besides turns: questions to it, and its metrics.
#pragma once

#include "host/worker_messages.hpp"

namespace parley {

// A question to the agent; see agent_questions.hpp.
struct AskMessage {
    std::uint8_t question = 0;
    std::string_view version, memory;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.question, m.version, m.memory);
    }
};

struct ToldMessage {
    parley_status status = PARLEY_OK;
    std::int32_t level = 0;
    std::string_view text;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.status, m.level, m.text);
    }
};

// What became of metrics, by their numbers in the engine.
struct MetricsMessage {
    std::vector<std::pair<std::uint64_t, double>> added, set, observed;

    template <class Archive, class Self>
    static bool pass(Archive& a, Self& m) {
        return a(m.added, m.set, m.observed);
    }
};

}  // namespace parley
