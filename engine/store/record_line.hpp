// One turn as a line of a record: what the agent saw and what it said, redacted. docs/operating.md has the form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/agent.hpp"

namespace parley {

// The form that lines have; the first line of a file says it as "parley_records".
constexpr int record_form = 1;

struct RecordedTurn {
    TurnPtr turn;  // its event has a trace
    TurnResult result;
    AgentName agent;
    WallTime ended{};
    bool is_shadow = false;  // of an agent that was not heard
};

// The first line of a file, with its line break.
std::string record_header(const DeploymentId& deployment, WallTime now);

// With its line break. `secrets` must not appear in it. Takes some 100 us: not for the threads that move messages.
std::string to_record_line(const RecordedTurn& recorded, const std::vector<std::string>& secrets);

// Whose turn a line is; none: it is a file's first line, or no record.
std::optional<ConversationId> conversation_of_line(std::string_view line);

// A body of an HTTP request as records keep it: short ones redacted, longer ones as "sha256:…" of the redacted text.
std::string kept_request_body(const std::string& redacted);

}  // namespace parley
