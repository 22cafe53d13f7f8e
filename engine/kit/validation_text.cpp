#include "kit/validation_text.hpp"

#include <nlohmann/json.hpp>

#include "kit/junit.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t name_width = 25;
constexpr std::size_t verdict_width = 8;
constexpr std::size_t indent = 6 + verdict_width;

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return width;
}

// Lines of at most `columns`, broken between words, all but the first indented. What follows a line break is a
// command to copy and stays whole.
std::string wrapped(const std::string& all, std::size_t from, std::size_t columns) {
    const std::string text = all.substr(0, all.find('\n'));
    const std::string command = all.substr(text.size());
    std::string out, line;
    const std::size_t room = columns > from + 20 ? columns - from : 20;
    const auto flush = [&] {
        out += (out.empty() ? "" : "\n" + std::string(from, ' ')) + line;
        line.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at);
        if (!line.empty() && width_of(line) + 1 + width_of(word) > room) flush();
        line += (line.empty() ? "" : " ") + word;
        at = end + 1;
    }
    flush();
    if (command.empty()) return out;
    return out + "\n" + std::string(from, ' ') + command.substr(command.find_first_not_of("\n "));
}

std::string level_column(int level) {
    return (level < 10 ? "  " : " ") + std::to_string(level) + " ";
}

const char* colour_of(Verdict verdict) {
    if (is_failure(verdict)) return "\x1b[31m";
    if (verdict == Verdict::warn) return "\x1b[33m";
    return verdict == Verdict::skip ? "\x1b[2m" : "\x1b[32m";
}

std::string painted(Verdict verdict, const TextStyle& style) {
    std::string word = to_string(verdict);
    const std::string blanks(verdict_width - std::min(word.size(), verdict_width), ' ');
    if (!style.has_colour) return word + blanks;
    return colour_of(verdict) + word + "\x1b[0m" + blanks;
}

std::string counted(std::size_t number, const char* one, const char* many) {
    return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string lines_of(const CheckReport& one) {
    std::string text;
    for (const Finding& finding : one.findings)
        text += (text.empty() ? "" : "\n") + finding.what +
                (finding.remedy.empty() ? "" : "\n  " + finding.remedy);
    return text;
}

}  // namespace

std::string summary_of(const ValidationReport& report) {
    const std::size_t failed =
        report.count(Verdict::fail) + report.count(Verdict::crash) + report.count(Verdict::timeout);
    std::string text = counted(report.checks.size(), "check", "checks") + ": " +
                       std::to_string(report.count(Verdict::pass)) + " passed";
    if (failed > 0) text += ", " + std::to_string(failed) + " failed";
    if (const auto warned = report.count(Verdict::warn))
        text += ", " + counted(warned, "warning", "warnings");
    if (const auto skipped = report.count(Verdict::skip)) text += ", " + std::to_string(skipped) + " skipped";
    return text + " (seed " + std::to_string(report.seed) + ")";
}

std::string to_text(const ValidationReport& report, const TextStyle& style) {
    std::string text = report.file.string();
    if (!report.id.empty()) text += ": " + report.id + " " + report.version + ", contract " + report.contract;
    text += "\n\n";
    int level = 0;
    for (const CheckReport& one : report.checks) {
        std::string name(one.check->name);
        name.resize(std::max(name.size() + 1, name_width), ' ');
        text += one.check->level == level ? "    " : level_column(one.check->level);
        level = one.check->level;
        const bool is_skipped = one.verdict == Verdict::skip;  // then why stands in place of what it is about
        text += painted(one.verdict, style) + name +
                (is_skipped ? one.findings.front().what : std::string(one.check->about)) + "\n";
        if (is_skipped) continue;
        for (const Finding& finding : one.findings) {
            text += std::string(indent, ' ') + wrapped(finding.what, indent, style.columns) + "\n";
            if (!finding.remedy.empty())
                text += std::string(indent, ' ') + "→ " + wrapped(finding.remedy, indent + 2, style.columns) +
                        "\n";
        }
    }
    return text + "\n" + summary_of(report) + "\n";
}

std::string to_json(const std::vector<ValidationReport>& reports) {
    Json list = Json::array();
    for (const ValidationReport& report : reports) {
        Json checks = Json::array();
        for (const CheckReport& one : report.checks) {
            Json findings = Json::array();
            for (const Finding& finding : one.findings)
                findings.push_back({{"verdict", to_string(finding.verdict)},
                                    {"what", finding.what},
                                    {"remedy", finding.remedy}});
            checks.push_back({{"name", one.check->name},
                              {"level", one.check->level},
                              {"about", one.check->about},
                              {"verdict", to_string(one.verdict)},
                              {"ms", one.took.count()},
                              {"findings", findings}});
        }
        list.push_back({{"file", report.file.string()},
                        {"id", report.id},
                        {"version", report.version},
                        {"contract", report.contract},
                        {"seed", report.seed},
                        {"passed", report.has_passed()},
                        {"checks", checks}});
    }
    return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_junit(const std::vector<ValidationReport>& reports) {
    std::vector<JUnitSuite> suites;
    for (const ValidationReport& report : reports) {
        JUnitSuite suite{report.file.filename().string(), {}};
        for (const CheckReport& one : report.checks) {
            JUnitCase to{
                std::string(one.check->name), static_cast<double>(one.took.count()) / 1000, "", "", "", ""};
            if (is_failure(one.verdict)) {
                to.failure = lines_of(one);
                to.failure_type = to_string(one.verdict);
            } else if (one.verdict == Verdict::skip) {
                to.skipped = lines_of(one);
            } else {
                to.output = lines_of(one);
            }
            suite.cases.push_back(std::move(to));
        }
        suites.push_back(std::move(suite));
    }
    return to_xml(suites);
}

}  // namespace parley::kit
