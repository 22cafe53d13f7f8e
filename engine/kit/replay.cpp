#include "kit/replay.hpp"

#include <algorithm>

#include <parley/testing/fake_host.hpp>

#include "host/plugin_finder.hpp"
#include "kit/child_process.hpp"
#include "kit/readable_reply.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::json;

std::string dumped(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string readable_state(const std::string& state) {
    const Json json = Json::parse(state, nullptr, false);
    return json.is_discarded() ? state : dumped(json);
}

std::string lines_of(const std::map<std::string, std::string>& annotations) {
    std::string lines;
    for (const auto& [key, value] : annotations) lines += key + ": " + value + "\n";
    return lines;
}

std::string at(const std::vector<std::string>& all, std::size_t i) {
    return i < all.size() ? all[i] : std::string{};
}

// As a person reads them; as JSON where that does not show the difference.
std::pair<std::string, std::string> shown(const std::string& left, const std::string& right) {
    const std::string a = readable_reply(left), b = readable_reply(right);
    if (a != b) return {a, b};
    return {readable_state(left), readable_state(right)};
}

void compare_lists(const char* what, const std::vector<std::string>& left,
                   const std::vector<std::string>& right, std::vector<Difference>& found) {
    const std::size_t most = std::max(left.size(), right.size());
    for (std::size_t i = 0; i < most; ++i)
        if (i >= left.size() || i >= right.size() || left[i] != right[i]) {
            auto [a, b] = shown(at(left, i), at(right, i));
            found.push_back(
                {most == 1 ? what : what + (" " + std::to_string(i + 1)), std::move(a), std::move(b)});
        }
}

std::string failure(const Said& said) {
    return said.has_answered ? "answered" : "failed: " + said.error;
}

void judge(ComparedTurn& turn, const PlayedStep& right, const Said& left) {
    turn.differences = differences(turn.step, left, right.said);
    if (!right.trouble.empty()) {
        turn.verdict = ComparedTurn::Verdict::failed;
        turn.why = right.trouble;
        turn.differences.clear();
        return;
    }
    if (turn.differences.empty()) return;
    turn.verdict = ComparedTurn::Verdict::different;
    if (!right.unknown_request.empty())
        turn.why = "it asked for what the record has no answer to: " + right.unknown_request;
    if (turn.step.missing.empty()) return;
    turn.verdict = ComparedTurn::Verdict::skipped;
    turn.why = "the record lacks what the agent had:";
    for (const std::string& one : turn.step.missing) turn.why += " " + one;
}

void count(ReplayReport& report, ComparedTurn turn) {
    using Verdict = ComparedTurn::Verdict;
    ++report.turns;
    switch (turn.verdict) {
        case Verdict::same:
            ++report.same;
            return;
        case Verdict::different:
            ++report.different;
            break;
        case Verdict::failed:
            ++report.failed;
            break;
        case Verdict::skipped:
            ++report.skipped;
            break;
    }
    report.findings.push_back(std::move(turn));
}

struct Usable {
    std::string name;
};

// Starts it once, for a mistake in its configuration is not a difference.
Result<Usable> try_out(const ReplayAgent& agent, Millis limit) {
    const auto info = inspect_plugin(agent.library);
    if (!info) return info.error();
    if (!info->problem.empty()) return Error{Errc::invalid_input, info->problem};
    const ChildEnd end = run_in_child(
        [&](Progress&) -> std::string {
            testing::FakeHost host{testing::Library(agent.library.string())};
            const auto started = host.start(agent.config_json);
            return started.ok() ? "" : started.error.empty() ? "it does not start" : started.error;
        },
        limit);
    const std::string problem = end.how == ChildEnd::How::returned ? end.result : how_it_ended(end);
    if (!problem.empty()) return Error{Errc::invalid_input, agent.library.string() + ": " + problem};
    return Usable{info->manifest.id + " " + info->manifest.version};
}

std::string recorded_name(const RecordedTalks& talks) {
    std::vector<std::string> names;
    for (const RecordedTalk& talk : talks.talks)
        for (const RecordedStep& step : talk.steps)
            if (std::find(names.begin(), names.end(), step.agent) == names.end()) names.push_back(step.agent);
    std::string text = "recorded:";
    for (const std::string& name : names) text += (text.back() == ':' ? " " : ", ") + name;
    return text;
}

}  // namespace

std::vector<Difference> differences(const RecordedStep& step, const Said& left, const Said& right) {
    std::vector<Difference> found;
    if (left.has_answered != right.has_answered || left.error != right.error)
        found.push_back({"failure", failure(left), failure(right)});
    compare_lists("reply", left.replies, right.replies, found);
    if (left.annotations != right.annotations)
        found.push_back({"annotations", lines_of(left.annotations), lines_of(right.annotations)});
    const std::string before = left.state.value_or(step.state), after = right.state.value_or(step.state);
    if (sorted_json(before) != sorted_json(after))
        found.push_back({"state", readable_state(before), readable_state(after)});
    compare_lists("request", left.requests, right.requests, found);
    return found;
}

Result<ReplayReport> replay(RecordedTalks talks, const ReplayOptions& options) {
    const auto right = try_out(options.agent, options.limit);
    if (!right) return right.error();
    ReplayReport report;
    report.deployment = talks.deployment;
    report.unreadable = talks.unreadable;
    report.left_name = recorded_name(talks);
    report.right_name = right->name;
    if (options.against) {
        const auto left = try_out(*options.against, options.limit);
        if (!left) return left.error();
        report.left_name = left->name;
    }
    for (RecordedTalk& talk : talks.talks) {
        const auto played = play(options.agent, talk, options.own_state, options.limit);
        std::vector<PlayedStep> other;
        if (options.against) other = play(*options.against, talk, options.own_state, options.limit);
        for (std::size_t i = 0; i < talk.steps.size(); ++i) {
            Said left = options.against ? other[i].said : talk.steps[i].said;
            if (options.against && !other[i].trouble.empty()) left.error = other[i].trouble;
            ComparedTurn turn;
            turn.step = std::move(talk.steps[i]);
            judge(turn, played[i], left);
            count(report, std::move(turn));
        }
        ++report.conversations;
        if (options.progress) options.progress(report.conversations, talks.talks.size());
    }
    return report;
}

ReplayReport compare_shadows(RecordedTalks talks) {
    ReplayReport report;
    report.deployment = talks.deployment;
    report.unreadable = talks.unreadable;
    report.left_name = recorded_name(talks);
    for (RecordedTalk& talk : talks.talks) {
        bool has_any = false;
        for (RecordedStep& step : talk.steps) {
            if (!step.shadow) continue;
            has_any = true;
            if (report.right_name.empty()) report.right_name = "shadow: " + step.shadow_agent;
            PlayedStep right;
            right.said = *step.shadow;
            right.said.requests = step.said.requests;  // it may make none
            ComparedTurn turn;
            turn.step = step;
            judge(turn, right, step.said);
            count(report, std::move(turn));
        }
        report.conversations += has_any ? 1 : 0;
    }
    return report;
}

}  // namespace parley::kit
