// The doctor's report for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "app/doctor/doctor.hpp"

namespace parley::doctor {

struct TextStyle {
    unsigned columns = 0;  // 0: lines are not broken
    bool has_colour = false;
};

// The section's name, then a line a finding: verdict, check, subject and text; below it what to do. What stands between
// `backticks` is a command and is not broken.
std::string to_text(const Section& section, const TextStyle& style);

// "9 well, 1 doubtful, 2 broken, 1 not looked at."
std::string closing_text(const std::vector<Section>& sections);

// {"verdict", "pass", "warn", "fail", "skip", "checks": [{"section", "check", "subject", "verdict", "finding", "remedy"}]}
std::string to_json(const std::vector<Section>& sections);

bool has_failed(const std::vector<Section>& sections);

}  // namespace parley::doctor
