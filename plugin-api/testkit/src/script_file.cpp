// Reading a script: every mistake has its place.
#include "script_file.hpp"

#include <regex>

#include "script_user.hpp"
#include "yaml_json.hpp"

namespace parley::testing {

namespace {

const std::vector<std::string> reply_keys{"type", "text", "message", "choices"};
const std::vector<std::string> step_keys{"user", "wait", "http", "expect", "expect_none", "note"};
const std::vector<std::string> expect_keys{"type",        "text",     "message", "choices", "state",
                                           "annotations", "language", "intent",  "error",   "requests"};

void check_regex(const YAML::Node& node) {
    try {
        const std::regex tried(node.Scalar());
    } catch (const std::regex_error&) {
        mistake(node, node.Scalar() + ": is no regular expression");
    }
}

// A scalar, or {equals|contains|regex: …} where a list means all of them.
std::vector<TextExpectation> read_matches(const YAML::Node& node, const char* what) {
    if (node.IsScalar()) return {{Match::equals, node.Scalar(), place_of(node)}};
    require_keys(node, {"equals", "contains", "regex"}, what);
    std::vector<TextExpectation> all;
    for (const auto& entry : node) {
        const std::string kind = entry.first.Scalar();
        const Match match = kind == "equals"     ? Match::equals
                            : kind == "contains" ? Match::contains
                                                 : Match::regex;
        const auto add = [&](const YAML::Node& one) {
            if (match == Match::regex) check_regex(one);
            all.push_back({match, read_text(one, kind.c_str()), place_of(one)});
        };
        if (entry.second.IsSequence())
            for (const YAML::Node& one : entry.second) add(one);
        else
            add(entry.second);
    }
    if (all.empty()) mistake(node, std::string(what) + ": expects nothing");
    return all;
}

TextExpectation read_match(const YAML::Node& node, const char* what) {
    auto all = read_matches(node, what);
    if (all.size() != 1) mistake(node, std::string(what) + ": expected one of equals, contains and regex");
    return all.front();
}

std::vector<std::string> read_list(const YAML::Node& node, const char* what) {
    if (!node.IsSequence()) mistake(node, std::string(what) + ": expected a list");
    std::vector<std::string> all;
    for (const YAML::Node& one : node) all.push_back(read_text(one, what));
    return all;
}

void read_one(const YAML::Node& node, Expectations& out) {
    require_keys(node, expect_keys, "expect");
    bool is_reply = false;
    for (const std::string& key : reply_keys) is_reply = is_reply || node[key];
    if (is_reply) {
        ReplyExpectation reply;
        reply.at = place_of(node);
        if (node["type"]) reply.type = read_match(node["type"], "type");
        if (node["text"]) reply.text = read_matches(node["text"], "text");
        if (node["message"]) reply.message = to_json(node["message"]);
        if (node["choices"]) reply.choices = read_list(node["choices"], "choices");
        out.replies.push_back(std::move(reply));
        out.counts_replies = true;
    }
    for (const char* name : {"language", "intent"})
        if (node[name]) out.annotations.emplace_back(name, read_match(node[name], name));
    if (const YAML::Node all = node["annotations"]) {
        if (!all.IsMap()) mistake(all, "annotations: expected a mapping");
        for (const auto& entry : all)
            out.annotations.emplace_back(entry.first.Scalar(), read_match(entry.second, "annotations"));
    }
    if (node["state"]) out.state.emplace_back(place_of(node["state"]), to_json(node["state"]));
    if (node["error"]) out.error = read_match(node["error"], "error");
    if (node["requests"]) out.requests = read_list(node["requests"], "requests");
}

Expectations read_expect(const YAML::Node& step) {
    Expectations out;
    const YAML::Node node = step["expect"];
    const YAML::Node none = step["expect_none"];
    if (node && none) mistake(none, "expect_none: stands beside expect; keep one of them");
    if (none) {
        out.at = place_of(none);
        out.is_given = out.counts_replies = true;
        if (none.Scalar() != "true") mistake(none, "expect_none: expected true");
    }
    if (!node) return out;
    out.at = place_of(node);
    out.is_given = true;
    if (node.IsSequence())
        for (const YAML::Node& one : node) read_one(one, out);
    else
        read_one(node, out);
    return out;
}

Step read_step(const YAML::Node& node) {
    require_keys(node, step_keys, "a step");
    Step step;
    step.at = place_of(node);
    if (node["user"]) step.user = read_user(node["user"]);
    if (node["wait"]) step.wait = read_duration(node["wait"]);
    if (step.user && step.wait)
        mistake(node["wait"], "wait: stands beside user; write it as a step of its own");
    step.http = read_http(node["http"]);
    step.expect = read_expect(node);
    return step;
}

ScriptFile read_root(const YAML::Node& root) {
    require_keys(root, {"agent", "config", "secrets", "seed", "deadline", "http", "steps", "note"},
                 "a script");
    ScriptFile script;
    if (root["agent"]) script.agent = read_text(root["agent"], "agent");
    if (root["config"]) script.config_json = to_json(root["config"]).dump();
    if (const YAML::Node secrets = root["secrets"]) {
        if (!secrets.IsMap()) mistake(secrets, "secrets: expected a mapping of names to texts");
        for (const auto& entry : secrets)
            script.host.secrets[entry.first.Scalar()] = read_text(entry.second, "secrets");
    }
    if (root["seed"]) script.host.seed = root["seed"].as<std::uint64_t>();
    if (root["deadline"]) script.host.deadline = read_duration(root["deadline"]);
    script.http = read_http(root["http"]);
    const YAML::Node steps = root["steps"];
    if (!steps || !steps.IsSequence() || steps.size() == 0)
        mistake(steps ? steps : root, "steps: expected a list of steps");
    for (const YAML::Node& step : steps) script.steps.push_back(read_step(step));
    return script;
}

}  // namespace

ScriptFile read_script(const std::string& yaml) {
    try {
        return read_root(YAML::Load(yaml));
    } catch (const YAML::Exception& problem) {
        throw ScriptMistake{{problem.mark.line + 1, problem.mark.column + 1}, problem.msg};
    } catch (const nlohmann::json::exception& problem) {
        throw ScriptMistake{{1, 1}, problem.what()};
    } catch (const std::runtime_error& problem) {
        throw ScriptMistake{{1, 1}, problem.what()};
    }
}

}  // namespace parley::testing
