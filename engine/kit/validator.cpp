#include "kit/validator.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <map>
#include <regex>

#include <nlohmann/json.hpp>

#include "host/host_text.hpp"
#include "kit/subject.hpp"

namespace parley::kit {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string to_json(const Findings& findings) {
    Json list = Json::array();
    for (const Finding& one : findings) list.push_back({static_cast<int>(one.verdict), one.what, one.remedy});
    return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Findings from_json(const std::string& text) {
    Findings findings;
    const Json list = Json::parse(text, nullptr, false);
    if (!list.is_array()) return {{Verdict::fail, "found more than can be told", ""}};
    for (const Json& one : list)
        findings.push_back({static_cast<Verdict>(one.at(0).get<int>()), one.at(1), one.at(2)});
    return findings;
}

std::string debugger_line(const Subject& subject, const Check& check) {
    return "\n  gdb --args parley agent validate " + subject.named.string() + " --in-process --include '^" +
           std::string(check.name) + "$' --strictness " + std::to_string(check.level);
}

Findings explain(const ChildEnd& end, const Subject& subject, const Check& check) {
    const std::string step = end.step.empty() ? "" : " in " + end.step;
    // A check writes nothing itself, so this is the agent's last word.
    const std::string said = end.output.empty() ? "" : "; it wrote: " + one_line(end.output, 200);
    switch (end.how) {
        case ChildEnd::How::returned:
            return from_json(end.result);
        case ChildEnd::How::timed_out:
            return {{Verdict::timeout, in_words(end) + step + said,
                     "look where it loops or waits:" + debugger_line(subject, check)}};
        case ChildEnd::How::signalled:
            return {
                {Verdict::crash, in_words(end) + step + said, "look where:" + debugger_line(subject, check)}};
        case ChildEnd::How::exited:
            break;
    }
    if (end.code == 125)
        return {
            {Verdict::fail, one_line(end.output.substr(0, end.output.find_last_not_of('\n') + 1), 300), ""}};
    return {
        {Verdict::crash, in_words(end) + step + said, "never end the host: finish the turn with an error"}};
}

class DirectProgress final : public Progress {
  public:
    void at(std::string_view) override {}
};

// A millisecond a message is far more than one takes.
Millis limit_of(const Check& check, const ValidationOptions& options) {
    if (check.level < 10) return options.limit;
    return options.limit + options.fuzz_for + Millis(static_cast<std::int64_t>(options.soak_messages));
}

Findings run(const Check& check, const Subject& subject, const ValidationOptions& options, Millis& took) {
    if (options.in_process) {
        DirectProgress progress;
        try {
            return check.run(subject, progress);
        } catch (const std::exception& problem) {
            return {{Verdict::fail, problem.what(), ""}};
        }
    }
    const ChildEnd end = run_in_child(
        [&](Progress& progress) { return to_json(check.run(subject, progress)); }, limit_of(check, options));
    took = end.took;
    return explain(end, subject, check);
}

using Blocked = std::map<std::string_view, std::string_view>;  // a check, and the failed one it rests on

std::string_view blocked_by(const Check& check, const Blocked& blocked) {
    for (const std::string_view need : check.needs)
        if (const auto found = blocked.find(need); found != blocked.end()) return found->second;
    return {};
}

Verdict worst(const Findings& findings) {
    Verdict verdict = Verdict::pass;
    for (const Finding& one : findings) verdict = std::max(verdict, one.verdict);
    return verdict;
}

Result<std::vector<const Check*>> choose(const ValidationOptions& options) {
    std::vector<const Check*> chosen;
    try {
        const std::regex wanted(options.include);
        for (const Check& check : all_checks()) {
            const bool is_named =
                options.include.empty() || std::regex_search(check.name.begin(), check.name.end(), wanted);
            if (is_named && check.level <= options.strictness) chosen.push_back(&check);
        }
    } catch (const std::regex_error&) {
        return Error{Errc::invalid_input, "--include " + options.include + ": is no regular expression"};
    }
    if (chosen.empty())
        return Error{Errc::invalid_input, "--include " + options.include + ": names no check up to level " +
                                              std::to_string(options.strictness)};
    return chosen;
}

}  // namespace

std::size_t ValidationReport::count(Verdict verdict) const {
    return static_cast<std::size_t>(std::count_if(
        checks.begin(), checks.end(), [&](const CheckReport& one) { return one.verdict == verdict; }));
}

bool ValidationReport::has_passed() const {
    return std::none_of(checks.begin(), checks.end(),
                        [](const CheckReport& one) { return is_failure(one.verdict); });
}

Result<ValidationReport> validate(const fs::path& file, const ValidationOptions& options) {
    const auto chosen = choose(options);
    if (!chosen) return chosen.error();
    const bool needs_worker = std::any_of(chosen->begin(), chosen->end(),
                                          [](const Check* one) { return one->name.starts_with("process."); });
    if (needs_worker && !fs::exists(options.worker))
        return Error{Errc::not_found,
                     "level 9 needs the program parley-worker: " + options.worker.string() + " is not there"};
    const ScratchFolder scratch;
    auto subject = read_subject(file, options.config_json, options.seed, scratch.path());
    if (!subject) return subject.error();
    subject->worker = options.worker;
    subject->fuzz_for = options.fuzz_for;
    subject->soak_messages = options.soak_messages;

    ValidationReport report{file, subject->manifest.id, subject->manifest.version, "", options.seed, {}};
    if (!report.id.empty())
        report.contract =
            std::to_string(subject->manifest.abi_major) + "." + std::to_string(subject->manifest.abi_minor);
    Blocked blocked;
    for (const Check* check : *chosen) {
        CheckReport one{check, Verdict::pass, {}, Millis{0}};
        if (options.on_begin) options.on_begin(*check);
        if (const auto by = blocked_by(*check, blocked); !by.empty()) {
            blocked[check->name] = by;
            one.findings = {{Verdict::skip, "not run, because " + std::string(by) + " has failed", ""}};
        } else {
            one.findings = run(*check, *subject, options, one.took);
        }
        one.verdict = worst(one.findings);
        if (is_failure(one.verdict)) blocked[check->name] = check->name;
        report.checks.push_back(std::move(one));
    }
    return report;
}

}  // namespace parley::kit
