// Holds what an agent did in one step against what the script expects.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <parley/testing/script.hpp>

#include "script_file.hpp"

namespace parley::testing {

// What came of one step, over all turns that ended in it.
struct StepOutcome {
    std::vector<Reply> replies;
    std::map<std::string, std::string> annotations;
    std::string state_json;  // of the conversation that spoke last; empty: none
    std::string error;       // of the turn that failed; "" when none did
    bool has_failed = false;
    std::vector<std::string> requests;
};

// A difference; where one scalar of the file holds the old value, it can be rewritten in place.
struct Difference {
    ScriptFailure failure;
    Place scalar;                // line 0: none
    std::string new_value;       // for that scalar
    bool needs_rewrite = false;  // the whole expectation of the step must be written anew
};

std::vector<Difference> compare(const Expectations& expected, const StepOutcome& found, const Place& step);

// The titles of what can be tapped, in order.
struct Tappable {
    std::string kind;  // button_reply or list_reply
    std::string id, title;
};
std::vector<Tappable> tappables(const Reply& reply);

}  // namespace parley::testing
