// Recorded conversations run through another version of an agent, turn by turn, and what it says differently.
//
// Each turn is given as it was recorded: the message, the state before it, the time, the randomness, and the answers of
// HTTP servers. Nothing leaves the process. Agents run in child processes: one that crashes or hangs is a finding.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kit/recorded_talk.hpp"

namespace parley::kit {

struct ReplayAgent {
    std::filesystem::path library;
    std::string config_json = "{}";
};

struct ReplayOptions {
    ReplayAgent agent;
    std::optional<ReplayAgent> against;  // none: what was recorded
    bool own_state = false;              // each version goes on with the state it made itself
    Millis limit{30'000};                // of real time, for one conversation in one version
    std::function<void(std::size_t done, std::size_t of)> progress;  // of conversations; may be empty
};

// Something of a turn that is not the same on both sides.
struct Difference {
    std::string what;  // "reply 1", "state", "annotations", "request 1", "failure"
    std::string left, right;
};

struct ComparedTurn {
    enum class Verdict { same, different, failed, skipped };
    Verdict verdict = Verdict::same;
    std::string why;  // failed: what the new version did; skipped: what the record lacks
    RecordedStep step;
    std::vector<Difference> differences;
};

struct ReplayReport {
    std::string deployment, left_name, right_name;  // "recorded: echo 1.0.0", "echo 1.1.0"
    std::size_t conversations = 0, turns = 0, same = 0, different = 0, failed = 0, skipped = 0,
                unreadable = 0;
    std::vector<ComparedTurn> findings;  // all but the same ones
    bool is_same() const { return different == 0 && failed == 0; }
};

// not_found, invalid_input: a library that cannot be used, or that refuses its configuration. A program with one thread.
Result<ReplayReport> replay(RecordedTalks talks, const ReplayOptions& options);

// What the agent on trial would have said, beside what was said. Turns without it are left out.
ReplayReport compare_shadows(RecordedTalks talks);

// One conversation in one version; as many results as steps. `trouble` of a step: the agent ended or never came back.
struct PlayedStep {
    Said said;
    std::string trouble;
    std::string unknown_request;  // the first that the record has no answer to
};
std::vector<PlayedStep> play(const ReplayAgent& agent, const RecordedTalk& talk, bool own_state,
                             Millis limit);

std::vector<Difference> differences(const RecordedStep& step, const Said& left, const Said& right);

}  // namespace parley::kit
