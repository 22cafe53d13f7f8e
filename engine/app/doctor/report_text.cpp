#include "app/doctor/report_text.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include <nlohmann/json.hpp>

namespace parley::doctor {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t indent = 22;  // "  WARN  subscription  "
constexpr std::size_t check_width = 12;
constexpr std::size_t narrowest = 40;  // columns below which lines are not broken

struct Label {
    const char* word;
    const char* colour;
};

Label label_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass:
            return {"ok  ", "\x1b[32m"};
        case Verdict::warn:
            return {"WARN", "\x1b[33m"};
        case Verdict::fail:
            return {"FAIL", "\x1b[31m"};
        case Verdict::skip:
            break;
    }
    return {"-   ", "\x1b[2m"};
}

std::string without_controls(std::string_view text) {
    std::string shown(text);
    std::replace_if(
        shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
    return shown;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Words, where a command between backticks is one.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words(1);
    bool in_command = false;
    for (const char c : text) {
        if (c == '`') in_command = !in_command;
        if (c == ' ' && !in_command)
            words.emplace_back();
        else
            words.back() += c;
    }
    return words;
}

// Further lines begin below the first one's text.
std::string wrapped(std::string_view text, std::size_t begin, unsigned columns) {
    const bool breaks = columns >= narrowest;
    std::string out;
    std::size_t at = begin;
    for (const std::string& word : words_of(text)) {
        const std::size_t width = width_of(word);
        if (at > begin && breaks && at + 1 + width > columns) {
            out += "\n" + std::string(begin, ' ');
            at = begin;
        } else if (at > begin) {
            out += ' ';
            ++at;
        }
        out += word;
        at += width;
    }
    return out;
}

std::map<Verdict, std::size_t> count(const std::vector<Section>& sections) {
    std::map<Verdict, std::size_t> counts;
    for (const Section& section : sections)
        for (const Finding& finding : section.report) ++counts[finding.verdict];
    return counts;
}

}  // namespace

std::string to_text(const Section& section, const TextStyle& style) {
    std::string out = section.name + "\n";
    if (style.has_colour) out = "\x1b[1m" + section.name + "\x1b[0m\n";
    for (const Finding& finding : section.report) {
        const Label label = label_of(finding.verdict);
        out += "  ";
        out += style.has_colour ? label.colour + std::string(label.word) + "\x1b[0m" : label.word;
        std::string check = finding.check;
        check.resize(std::max(check.size(), check_width), ' ');
        const std::string subject = finding.subject.empty() ? "" : finding.subject + ": ";
        out += "  " + check + "  " +
               wrapped(without_controls(subject + finding.text), indent, style.columns) + "\n";
        if (!finding.remedy.empty())
            out += std::string(indent, ' ') + "→ " +
                   wrapped(without_controls(finding.remedy), indent + 2, style.columns) + "\n";
    }
    return out;
}

std::string closing_text(const std::vector<Section>& sections) {
    auto counts = count(sections);
    std::string out = std::to_string(counts[Verdict::pass]) + " well";
    if (const auto n = counts[Verdict::warn]; n > 0) out += ", " + std::to_string(n) + " doubtful";
    if (const auto n = counts[Verdict::fail]; n > 0) out += ", " + std::to_string(n) + " broken";
    if (const auto n = counts[Verdict::skip]; n > 0) out += ", " + std::to_string(n) + " not looked at";
    return out + ".";
}

std::string to_json(const std::vector<Section>& sections) {
    auto counts = count(sections);
    Json checks = Json::array();
    for (const Section& section : sections)
        for (const Finding& finding : section.report)
            checks.push_back({{"section", section.name},
                              {"check", finding.check},
                              {"subject", finding.subject},
                              {"verdict", to_string(finding.verdict)},
                              {"finding", finding.text},
                              {"remedy", finding.remedy}});
    const Verdict worst = counts[Verdict::fail] > 0   ? Verdict::fail
                          : counts[Verdict::warn] > 0 ? Verdict::warn
                                                      : Verdict::pass;
    Json document{{"verdict", to_string(worst)}};
    for (const Verdict verdict : {Verdict::pass, Verdict::warn, Verdict::fail, Verdict::skip})
        document[to_string(verdict)] = counts[verdict];
    document["checks"] = std::move(checks);
    return document.dump(2, ' ', false, Json::error_handler_t::replace);
}

bool has_failed(const std::vector<Section>& sections) {
    return std::any_of(sections.begin(), sections.end(),
                       [](const Section& one) { return has_failed(one.report); });
}

}  // namespace parley::doctor
