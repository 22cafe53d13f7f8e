// Reading the files that an engine with `record: true` writes; docs/operating.md has their form.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <parley/testing/turn_record.hpp>

#include "base/result.hpp"
#include "core/turn_trace.hpp"

namespace parley::kit {

// What an agent said in one turn, redacted; JSON as text with its members sorted.
struct Said {
    bool has_answered = false;
    std::string error;                 // why not
    std::vector<std::string> replies;  // native messages
    std::optional<std::string> state;  // none: it put none
    std::map<std::string, std::string> annotations;
    std::vector<std::string> requests;  // "POST https://…", then the body on the next line
};

struct RecordedStep {
    std::int64_t at_ms = 0, conversation = 0, turn = 0;
    std::string agent;  // "echo 1.0.0"
    testing::Message message;
    std::string wa_id, user_id;  // pseudonyms
    std::string state;           // before; empty: none
    std::uint64_t state_revision = 0;
    std::uint32_t state_schema = 0;
    std::int64_t deadline_ms = 0;
    std::string random;                // bytes
    std::vector<HttpExchange> http;    // of this turn
    std::vector<std::string> missing;  // what the agent had and the record has not
    Said said;
    std::optional<Said> shadow;  // what an agent on trial would have said
    std::string shadow_agent;
};

struct RecordedTalk {
    std::int64_t conversation = 0;
    std::vector<RecordedStep> steps;  // in the order of their time
};

struct RecordedTalks {
    std::string deployment;
    std::vector<RecordedTalk> talks;  // by conversation
    std::size_t unreadable = 0;       // lines that were cut off or spoilt, and left out
};

// A file, or a folder with *.jsonl. not_found, invalid_input: which file, which line. At most `limit` conversations, the
// newest; 0: all.
Result<RecordedTalks> read_records(const std::filesystem::path& file_or_folder, std::size_t limit = 0);

// JSON text as records are compared: members sorted, no spaces. What does not parse stays as it is.
std::string sorted_json(const std::string& text);

}  // namespace parley::kit
