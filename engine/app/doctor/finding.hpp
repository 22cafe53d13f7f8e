// What a check of `parley doctor` found: one line of its report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parley::doctor {

enum class Verdict { pass, warn, fail, skip };
const char* to_string(Verdict verdict) noexcept;  // "pass", "warn", "fail", "skip"; programs read them

struct Finding {
    Verdict verdict = Verdict::pass;
    std::string check;    // its stable name in lower case: "token"
    std::string subject;  // whom it is about: a deployment, a file, a URL; may be empty
    std::string text;     // what is so, without a full stop
    std::string remedy;   // what to do; only where something is not well, or could be looked at
};

using Report = std::vector<Finding>;

Finding pass(std::string check, std::string subject, std::string text);
Finding warn(std::string check, std::string subject, std::string text, std::string remedy);
Finding fail(std::string check, std::string subject, std::string text, std::string remedy);
Finding skip(std::string check, std::string subject, std::string text, std::string remedy = {});

void append(Report& to, Report more);
bool has_failed(const Report& report);

// "1 message", "3 messages".
std::string counted(std::uint64_t number, const std::string& noun);

}  // namespace parley::doctor
