// Running a script: step by step, and what came of it.
#include <fstream>
#include <sstream>

#include <parley/testing/script.hpp>

#include "paths_in_config.hpp"
#include "script_check.hpp"
#include "script_edit.hpp"

namespace parley::testing {

namespace {

class Run {
  public:
    Run(const ScriptFile& script, const parley_plugin& plugin)
        : script_(script), host_(plugin, script.host) {}

    FakeHost& host() { return host_; }

    void start(const std::string& config) {
        const StartResult started = host_.start(config);
        if (!started.ok())
            throw ScriptMistake{{1, 1}, "the agent refuses its configuration: " + started.error};
        config_ = config;
    }

    void swap() {
        if (has_open()) return;
        host_.stop();
        start(config_);
    }

    void script_http(const std::vector<HttpScript>& rules) {
        for (const HttpScript& one : rules) {
            HttpRule& rule = host_.on_http(one.method, one.url_prefix);
            for (const HttpResponse& answer : one.answers) rule.answer(answer);
        }
    }

    StepOutcome perform(const Step& step) {
        script_http(step.http);
        if (step.user) send(*step.user, step.at);
        if (step.wait) host_.advance(*step.wait);
        take_followups();
        // What takes a moment belongs to the step that caused it.
        for (int i = 0; i < 100 && step.user && has_open() && !waits_next(step); ++i)
            host_.advance(std::chrono::milliseconds(100));
        return collect();
    }

    bool has_open() const {
        for (const TurnRecord* turn : turns_)
            if (turn->open()) return true;
        return false;
    }

  private:
    // A script that says `wait` next wants to see the agent waiting.
    bool waits_next(const Step& step) const {
        const Step* next = &step + 1;
        return next < script_.steps.data() + script_.steps.size() && next->wait.has_value();
    }

    void send(const UserMessage& user, const Place& at) {
        Message message = user.message;
        if (!user.tap.empty()) message = tap(user, at);
        turns_.push_back(&host_.send(message));
    }

    void take_followups() {
        const auto& fired = host_.followup_turns();
        for (; seen_followups_ < fired.size(); ++seen_followups_) turns_.push_back(fired[seen_followups_]);
    }

    Message tap(const UserMessage& user, const Place& at) {
        for (const Tappable& one : offered_) {
            if (one.title != user.tap) continue;
            Message message = user.message;
            message.type = "interactive";
            message.text = one.title;
            const nlohmann::json native{
                {"from", message.sender},
                {"id", "wamid.script"},
                {"timestamp", "1790000000"},
                {"type", "interactive"},
                {"interactive", {{"type", one.kind}, {one.kind, {{"id", one.id}, {"title", one.title}}}}}};
            message.native_json = native.dump();
            return message;
        }
        std::string titles;
        for (const Tappable& one : offered_) titles += (titles.empty() ? "" : ", ") + one.title;
        throw ScriptMistake{at, "tap: nothing with the title " + user.tap + " was offered last" +
                                    (titles.empty() ? "" : "; there are " + titles)};
    }

    StepOutcome collect() {
        StepOutcome outcome;
        std::vector<const TurnRecord*> open;
        for (const TurnRecord* turn : turns_) {
            if (turn->open()) {
                open.push_back(turn);
                continue;
            }
            outcome.replies.insert(outcome.replies.end(), turn->replies.begin(), turn->replies.end());
            for (const auto& [name, value] : turn->annotations) outcome.annotations[name] = value;
            outcome.has_failed = outcome.has_failed || !turn->committed();
            if (turn->cancelled) outcome.error = "the deadline passed";
            if (turn->finished && !turn->committed())
                outcome.error = turn->error.empty() ? "status " + std::to_string(turn->status) : turn->error;
            conversation_ = turn->conversation;
        }
        turns_ = std::move(open);
        outcome.state_json = host_.state(conversation_);
        if (!outcome.replies.empty()) offered_.clear();
        for (const Reply& reply : outcome.replies)
            for (Tappable& one : tappables(reply)) offered_.push_back(std::move(one));
        const auto& requests = host_.http_requests();
        for (; seen_requests_ < requests.size(); ++seen_requests_)
            outcome.requests.push_back(requests[seen_requests_].method + ' ' + requests[seen_requests_].url);
        return outcome;
    }

    const ScriptFile& script_;
    FakeHost host_;
    std::vector<const TurnRecord*> turns_;
    std::vector<Tappable> offered_;
    std::string conversation_;
    std::string config_;
    std::size_t seen_requests_ = 0, seen_followups_ = 0;
};

std::string read_text_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw ScriptMistake{{}, "cannot be read"};
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// True when the difference is now in the file.
bool rewrite(ScriptEdit& edit, const Step& step, const StepOutcome& outcome,
             const std::vector<Difference>& differences) {
    if (outcome.has_failed && !step.expect.error) return false;  // nobody wants that in a script unseen
    bool needs_rewrite = false;
    for (const Difference& one : differences) {
        // A pattern that does not fit is for a person to change.
        if (!one.needs_rewrite && one.scalar.line == 0) return false;
        needs_rewrite = needs_rewrite || one.needs_rewrite || !edit.can_replace(one.scalar);
    }
    if (needs_rewrite) return edit.replace_expectation(step.at, step.expect, outcome);
    for (const Difference& one : differences)
        if (one.scalar.line == 0 || !edit.replace_scalar(one.scalar, one.new_value)) return false;
    return true;
}

bool wants_expectation(const Step& step, const StepOutcome& outcome, const ScriptOptions& options) {
    return options.update && !step.expect.is_given && !outcome.has_failed && !outcome.replies.empty();
}

void perform_all(const ScriptFile& script, Run& run, ScriptEdit& edit, const ScriptOptions& options,
                 ScriptReport& report) {
    for (const Step& step : script.steps) {
        if (options.swap_each_step && report.steps > 0) run.swap();
        const StepOutcome outcome = run.perform(step);
        ++report.steps;
        const auto differences = compare(step.expect, outcome, step.at);
        if (wants_expectation(step, outcome, options)) {
            report.updated += edit.replace_expectation(step.at, step.expect, outcome) ? 1 : 0;
            continue;
        }
        if (differences.empty()) continue;
        if (options.update && rewrite(edit, step, outcome, differences)) {
            ++report.updated;
            continue;
        }
        for (const Difference& one : differences) report.failures.push_back(one.failure);
    }
    if (run.has_open())
        report.failures.push_back({{},
                                   script.steps.back().at.line,
                                   script.steps.back().at.column,
                                   "a turn is still open at the end; write a step with `wait`",
                                   "",
                                   ""});
}

void start(const ScriptFile& script, Run& run, const std::filesystem::path& file, const parley_plugin& plugin,
           const ScriptOptions& options) {
    if (!script.agent.empty() && script.agent != plugin.desc(0)->id)
        throw ScriptMistake{
            {1, 1},
            "agent: this script is for " + script.agent + ", the library holds " + plugin.desc(0)->id};
    std::string config =
        script.config_json.value_or(options.config_json.empty() ? "{}" : options.config_json);
    if (script.config_json)
        config =
            with_absolute_paths(options.config_schema, config, std::filesystem::absolute(file).parent_path());
    run.start(config);
    run.script_http(script.http);
}

void run_text(const std::string& text, const std::filesystem::path& file, const parley_plugin& plugin,
              const ScriptOptions& options, ScriptReport& report) {
    ScriptFile script = read_script(text);
    script.host.hooks = options.hooks;
    Run run(script, plugin);
    start(script, run, file, plugin, options);
    ScriptEdit edit(text);
    perform_all(script, run, edit, options, report);
    run.host().stop();
    for (const std::string& misbehaviour : run.host().misbehaviours())
        report.failures.push_back({{}, 0, 0, "breaks the contract: " + misbehaviour, "", ""});
    if (report.updated == 0) return;
    std::ofstream out(file, std::ios::binary);
    out << edit.text();
    out.close();
    if (!out) throw ScriptMistake{{}, "cannot be written"};
}

void add_lines(std::string& out, const std::string& text, const char* mark) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out += std::string("    ") + mark + line + "\n";
}

}  // namespace

ScriptReport run_script(const std::filesystem::path& file, const parley_plugin& plugin,
                        const ScriptOptions& options) {
    ScriptReport report{file, 0, {}, 0};
    try {
        run_text(read_text_file(file), file, plugin, options, report);
    } catch (const ScriptMistake& mistake) {
        report.failures.push_back({{}, mistake.at.line, mistake.at.column, mistake.what, "", ""});
    } catch (const std::exception& problem) {
        report.failures.push_back({{}, 0, 0, problem.what(), "", ""});
    } catch (...) {
        report.failures.push_back({{}, 0, 0, "the agent threw something that is no std::exception", "", ""});
    }
    for (ScriptFailure& one : report.failures) one.file = file;
    return report;
}

std::string to_text(const ScriptFailure& failure) {
    std::string text = failure.file.string();
    if (failure.line > 0) text += ":" + std::to_string(failure.line) + ":" + std::to_string(failure.column);
    text += ": " + failure.what + "\n";
    add_lines(text, failure.expected, "- ");
    add_lines(text, failure.found, "+ ");
    return text;
}

}  // namespace parley::testing
