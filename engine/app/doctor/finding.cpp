#include "app/doctor/finding.hpp"

#include <algorithm>
#include <iterator>

namespace parley::doctor {

const char* to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::pass:
            return "pass";
        case Verdict::warn:
            return "warn";
        case Verdict::fail:
            return "fail";
        case Verdict::skip:
            break;
    }
    return "skip";
}

Finding pass(std::string check, std::string subject, std::string text) {
    return {Verdict::pass, std::move(check), std::move(subject), std::move(text), {}};
}

Finding warn(std::string check, std::string subject, std::string text, std::string remedy) {
    return {Verdict::warn, std::move(check), std::move(subject), std::move(text), std::move(remedy)};
}

Finding fail(std::string check, std::string subject, std::string text, std::string remedy) {
    return {Verdict::fail, std::move(check), std::move(subject), std::move(text), std::move(remedy)};
}

Finding skip(std::string check, std::string subject, std::string text, std::string remedy) {
    return {Verdict::skip, std::move(check), std::move(subject), std::move(text), std::move(remedy)};
}

void append(Report& to, Report more) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

bool has_failed(const Report& report) {
    return std::any_of(report.begin(), report.end(),
                       [](const Finding& one) { return one.verdict == Verdict::fail; });
}

std::string counted(std::uint64_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace parley::doctor
