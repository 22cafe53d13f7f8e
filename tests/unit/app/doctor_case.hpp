// What the tests of the doctor's checks share: finding the finding.
#pragma once

#include <algorithm>
#include <string>

#include "app/doctor/finding.hpp"

namespace parley::doctor::test {

// "fail token shop: its text → its remedy", a line each.
inline std::string lines(const Report& report) {
    std::string text;
    for (const Finding& one : report)
        text += std::string(to_string(one.verdict)) + " " + one.check + " " + one.subject + ": " + one.text +
                (one.remedy.empty() ? "" : " → " + one.remedy) + "\n";
    return text;
}

inline bool has(const Report& report, const std::string& words) {
    return lines(report).find(words) != std::string::npos;
}

// Everything that is not well says what to do.
inline bool every_trouble_has_a_remedy(const Report& report) {
    return std::all_of(report.begin(), report.end(), [](const Finding& one) {
        return (one.verdict != Verdict::warn && one.verdict != Verdict::fail) || !one.remedy.empty();
    });
}

}  // namespace parley::doctor::test
