// A validation's report for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "kit/validator.hpp"

namespace parley::kit {

struct TextStyle {
    unsigned columns = 80;
    bool has_colour = false;
};

// A line for each check, and below it what was found and what to do.
std::string to_text(const ValidationReport& report, const TextStyle& style);
// The last line, as "38 checks: 36 passed, 1 warning, 1 failed".
std::string summary_of(const ValidationReport& report);

std::string to_json(const std::vector<ValidationReport>& reports);
// JUnit's XML: a suite for each library, a case for each check. Warnings are in system-out.
std::string to_junit(const std::vector<ValidationReport>& reports);

}  // namespace parley::kit
