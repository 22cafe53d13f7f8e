#include "kit/script_runs.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

#include <nlohmann/json.hpp>

#include <parley/testing/library.hpp>
#include <parley/testing/yaml_json.hpp>

#include "host/plugin_finder.hpp"
#include "kit/boundary_trace.hpp"
#include "kit/child_process.hpp"
#include "kit/isolated_plugin.hpp"
#include "kit/junit.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::ordered_json;
using testing::ScriptFailure;
using testing::ScriptReport;

// The id that the script names; empty when there is none, or when the script cannot be read: its own run says why.
Result<std::string> named_agent(const std::filesystem::path& script) {
    std::ifstream in(script);
    if (!in) return Error{Errc::not_found, script.string() + ": cannot be read"};
    std::stringstream text;
    text << in.rdbuf();
    try {
        const Json root = Json::parse(testing::yaml_to_json(text.str()));
        if (root.is_object() && root.contains("agent") && root["agent"].is_string())
            return root["agent"].get<std::string>();
    } catch (const std::exception&) {
        return std::string{};
    }
    return std::string{};
}

Result<PluginInfo> find_agent(const std::filesystem::path& script, const ScriptRunOptions& options) {
    auto inspected = Result<PluginInfo>(Error{});
    if (!options.agent.empty()) {
        inspected = inspect_plugin(options.agent);
    } else {
        const auto id = named_agent(script);
        if (!id) return id.error();
        if (id->empty())
            return Error{
                Errc::invalid_input,
                script.string() + ": names no agent; write `agent: ID` into it, or give --agent FILE.so"};
        PluginPath folders;
        std::error_code trouble;
        for (const auto& folder : options.path)
            if (std::filesystem::is_directory(folder, trouble)) folders.push_back(folder);
        inspected = find_plugin(folders, *id);
    }
    if (inspected && !inspected->problem.empty()) return Error{Errc::invalid_input, inspected->problem};
    return inspected;
}

std::string packed(const ScriptReport& report) {
    Json failures = Json::array();
    for (const ScriptFailure& one : report.failures)
        failures.push_back({one.line, one.column, one.what, one.expected, one.found});
    return Json{report.steps, report.updated, failures}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ScriptReport unpacked(const std::string& text, const std::filesystem::path& file) {
    ScriptReport report{file, 0, {}, 0};
    const Json all = Json::parse(text, nullptr, false);
    if (!all.is_array()) {
        report.failures.push_back({file, 0, 0, "fails more than can be told", "", ""});
        return report;
    }
    report.steps = all[0];
    report.updated = all[1];
    for (const Json& one : all[2]) report.failures.push_back({file, one[0], one[1], one[2], one[3], one[4]});
    return report;
}

std::string seconds(Millis took) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", static_cast<double>(took.count()) / 1000);
    return text;
}

std::string painted(const char* word, const char* colour, const TextStyle& style) {
    return style.has_colour ? std::string(colour) + word + "\x1b[0m" : word;
}

ScriptReport play(const std::filesystem::path& script, const PluginInfo& agent,
                  const ScriptRunOptions& options) {
    testing::ScriptOptions how{options.update, options.config_json, agent.manifest.config_schema,
                               options.swap_each_step};
    std::optional<BoundaryTrace> trace;
    if (!options.trace.empty()) {
        trace.emplace(options.trace);
        how.hooks = trace->hooks();
    }
    ScriptReport report{};
    if (options.worker.empty()) {
        const testing::Library library(agent.path.string(), options.keep_loaded);
        report = testing::run_script(script, library.plugin(), how);
    } else {
        const IsolatedPlugin plugin(options.worker, agent.path);
        report = testing::run_script(script, plugin.table(), how);
    }
    if (trace && !trace->is_written())
        report.failures.push_back({script, 0, 0, options.trace.string() + ": cannot be written", "", ""});
    return report;
}

}  // namespace

Result<ScriptRun> run_script_in_child(const std::filesystem::path& script, const ScriptRunOptions& options) {
    const auto agent = find_agent(script, options);
    if (!agent) return agent.error();
    const ChildEnd end =
        run_in_child([&](Progress&) { return packed(play(script, *agent, options)); }, options.limit);
    if (end.how == ChildEnd::How::returned) return ScriptRun{unpacked(end.result, script), end.took};
    return ScriptRun{{script, 0, {{script, 0, 0, how_it_ended(end), "", ""}}, 0}, end.took};
}

std::string to_text(const ScriptRun& run, const TextStyle& style) {
    const bool has_passed = run.report.has_passed();
    std::string text = has_passed ? painted("PASS", "\x1b[32m", style) : painted("FAIL", "\x1b[31m", style);
    text += "  " + run.report.file.string() + "  " + std::to_string(run.report.steps) +
            (run.report.steps == 1 ? " step, " : " steps, ") + seconds(run.took);
    if (run.report.updated > 0) text += ", " + std::to_string(run.report.updated) + " updated";
    text += "\n";
    for (const ScriptFailure& one : run.report.failures) {
        std::istringstream lines(testing::to_text(one));
        for (std::string line; std::getline(lines, line);) {
            const bool is_diff = line.starts_with("    - ") || line.starts_with("    + ");
            text +=
                "  " +
                (is_diff ? painted(line.c_str(), line[4] == '-' ? "\x1b[31m" : "\x1b[32m", style) : line) +
                "\n";
        }
    }
    return text;
}

std::string summary_of(const std::vector<ScriptRun>& runs) {
    const auto failed = std::count_if(runs.begin(), runs.end(),
                                      [](const ScriptRun& one) { return !one.report.has_passed(); });
    return "\n" + std::to_string(runs.size()) +
           " scripts: " + std::to_string(static_cast<std::ptrdiff_t>(runs.size()) - failed) + " passed" +
           (failed > 0 ? ", " + std::to_string(failed) + " failed" : "") + "\n";
}

std::string to_json(const std::vector<ScriptRun>& runs) {
    Json list = Json::array();
    for (const ScriptRun& run : runs) {
        Json failures = Json::array();
        for (const ScriptFailure& one : run.report.failures)
            failures.push_back({{"line", one.line},
                                {"column", one.column},
                                {"what", one.what},
                                {"expected", one.expected},
                                {"found", one.found}});
        list.push_back({{"file", run.report.file.string()},
                        {"passed", run.report.has_passed()},
                        {"steps", run.report.steps},
                        {"updated", run.report.updated},
                        {"ms", run.took.count()},
                        {"failures", failures}});
    }
    return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_junit(const std::vector<ScriptRun>& runs) {
    JUnitSuite suite{"conversations", {}};
    for (const ScriptRun& run : runs) {
        JUnitCase one{run.report.file.string(),
                      static_cast<double>(run.took.count()) / 1000,
                      "",
                      "",
                      "conversation",
                      ""};
        for (const ScriptFailure& failure : run.report.failures) one.failure += testing::to_text(failure);
        suite.cases.push_back(std::move(one));
    }
    return to_xml({suite});
}

}  // namespace parley::kit
