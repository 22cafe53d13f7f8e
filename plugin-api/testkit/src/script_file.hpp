// A script as it stands in its file: steps, what each expects, and where that is written.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <parley/testing/fake_host.hpp>

namespace parley::testing {

struct Place {
    int line = 0;  // from 1
    int column = 0;
};

// A mistake in the script itself.
struct ScriptMistake {
    Place at;
    std::string what;
};

enum class Match { equals, contains, regex };

struct TextExpectation {
    Match match = Match::equals;
    std::string text;
    Place at;  // of the scalar
};

struct ReplyExpectation {
    std::optional<TextExpectation> type;
    std::vector<TextExpectation> text;                // all of them
    std::optional<nlohmann::json> message;            // members of the native message object
    std::optional<std::vector<std::string>> choices;  // titles of buttons or rows
    Place at;
};

struct Expectations {
    std::vector<ReplyExpectation> replies;
    bool counts_replies = false;  // their number matters
    std::vector<std::pair<std::string, TextExpectation>> annotations;
    std::vector<std::pair<Place, nlohmann::json>> state;  // members of the document
    std::optional<TextExpectation> error;                 // the turn fails
    std::optional<std::vector<std::string>> requests;     // "POST https://…", all of the step
    Place at;
    bool is_given = false;
};

// What a person sends: a message, or the title of a choice of the last replies.
struct UserMessage {
    Message message;
    std::string tap;
};

struct HttpScript {
    std::string method, url_prefix;
    std::vector<HttpResponse> answers;
};

struct Step {
    Place at;
    std::optional<UserMessage> user;
    std::optional<std::chrono::milliseconds> wait;
    std::vector<HttpScript> http;
    Expectations expect;
};

struct ScriptFile {
    std::string agent;  // empty: any
    std::optional<std::string> config_json;
    HostOptions host;
    std::vector<HttpScript> http;
    std::vector<Step> steps;
};

// Throws ScriptMistake.
ScriptFile read_script(const std::string& yaml);

}  // namespace parley::testing
