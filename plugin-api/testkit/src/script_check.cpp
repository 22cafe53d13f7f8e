// The comparison of one step.
#include "script_check.hpp"

#include <algorithm>
#include <regex>

namespace parley::testing {

namespace {

using Json = nlohmann::json;

bool matches(const TextExpectation& expected, const std::string& found) {
    if (expected.match == Match::equals) return found == expected.text;
    if (expected.match == Match::contains) return found.find(expected.text) != std::string::npos;
    return std::regex_search(found, std::regex(expected.text));
}

const char* name_of(Match match) {
    return match == Match::contains ? "contains " : match == Match::regex ? "matches " : "";
}

ScriptFailure failure(const Place& at, std::string what, std::string expected = {}, std::string found = {}) {
    return {{}, at.line, at.column, std::move(what), std::move(expected), std::move(found)};
}

class Comparison {
  public:
    Comparison(const StepOutcome& found, const Place& step) : found_(found), step_(step) {}

    void text(const TextExpectation& expected, const std::string& found, const std::string& what) {
        if (matches(expected, found)) return;
        Difference one{
            failure(expected.at, what, name_of(expected.match) + expected.text, found), {}, found, false};
        if (expected.match == Match::equals) one.scalar = expected.at;
        all.push_back(std::move(one));
    }

    void reply(const ReplyExpectation& expected, const Reply& found, std::size_t number) {
        const std::string which = "reply " + std::to_string(number) + ": ";
        if (expected.type) text(*expected.type, found.type, which + "type");
        for (const TextExpectation& one : expected.text) text(one, found.text, which + "text");
        if (expected.message)
            members(*expected.message, Json::parse(found.json, nullptr, false), which + "message",
                    expected.at);
        if (!expected.choices) return;
        std::vector<std::string> titles;
        for (const Tappable& one : tappables(found)) titles.push_back(one.title);
        if (titles != *expected.choices)
            rewrite(expected.at, which + "choices", Json(*expected.choices).dump(), Json(titles).dump());
    }

    // Every member of `expected` is in `found`, however deep; arrays element by element.
    void members(const Json& expected, const Json& found, const std::string& path, const Place& at) {
        if (expected.is_object() && found.is_object()) {
            for (const auto& [name, value] : expected.items()) {
                const std::string its = path + "." + name;
                if (!found.contains(name))
                    rewrite(at, its + ": is missing", value.dump(), "");
                else
                    members(value, found[name], its, at);
            }
        } else if (expected.is_array() && found.is_array() && expected.size() == found.size()) {
            for (std::size_t i = 0; i < expected.size(); ++i)
                members(expected[i], found[i], path + "[" + std::to_string(i) + "]", at);
        } else if (expected != found) {
            rewrite(at, path, expected.dump(), found.is_discarded() ? "" : found.dump());
        }
    }

    void rewrite(const Place& at, std::string what, std::string expected, std::string found) {
        all.push_back({failure(at, std::move(what), std::move(expected), std::move(found)), {}, "", true});
    }

    void error(const Expectations& expected) {
        if (expected.error && !found_.has_failed)
            rewrite(expected.error->at, "the turn was expected to fail", expected.error->text, "it did not");
        else if (expected.error)
            text(*expected.error, found_.error, "error");
        else if (found_.has_failed)
            rewrite(expected.is_given ? expected.at : step_, "the turn failed", "", found_.error);
    }

    void replies(const Expectations& expected) {
        if (!expected.counts_replies) return;
        const std::size_t both = std::min(expected.replies.size(), found_.replies.size());
        for (std::size_t i = 0; i < both; ++i) reply(expected.replies[i], found_.replies[i], i + 1);
        for (std::size_t i = both; i < expected.replies.size(); ++i)
            rewrite(expected.replies[i].at, "reply " + std::to_string(i + 1) + " did not come",
                    shown(expected.replies[i]), "");
        for (std::size_t i = both; i < found_.replies.size(); ++i)
            rewrite(expected.at, "reply " + std::to_string(i + 1) + " was not expected", "",
                    shown(found_.replies[i]));
    }

    std::vector<Difference> all;

  private:
    static std::string shown(const ReplyExpectation& expected) {
        std::string text;
        if (expected.type) text = expected.type->text;
        for (const TextExpectation& one : expected.text) text += (text.empty() ? "" : " ") + one.text;
        return text.empty() ? "a reply" : text;
    }
    static std::string shown(const Reply& reply) {
        if (reply.type == "text") return reply.text;
        return reply.type + (reply.text.empty() ? "" : ": " + reply.text);
    }

    const StepOutcome& found_;
    const Place& step_;
};

void add_choices(const Json& action, std::vector<Tappable>& all) {
    for (const Json& button : action.value("buttons", Json::array()))
        if (button.contains("reply"))
            all.push_back(
                {"button_reply", button["reply"].value("id", ""), button["reply"].value("title", "")});
    for (const Json& section : action.value("sections", Json::array()))
        for (const Json& row : section.value("rows", Json::array()))
            all.push_back({"list_reply", row.value("id", ""), row.value("title", "")});
}

}  // namespace

std::vector<Difference> compare(const Expectations& expected, const StepOutcome& found, const Place& step) {
    Comparison comparison(found, step);
    comparison.error(expected);
    comparison.replies(expected);
    for (const auto& [name, value] : expected.annotations) {
        const auto is = found.annotations.find(name);
        comparison.text(value, is == found.annotations.end() ? "" : is->second, "annotation " + name);
    }
    for (const auto& [at, members] : expected.state)
        comparison.members(members,
                           Json::parse(found.state_json.empty() ? "{}" : found.state_json, nullptr, false),
                           "state", at);
    if (expected.requests && *expected.requests != found.requests)
        comparison.rewrite(expected.at, "requests", Json(*expected.requests).dump(),
                           Json(found.requests).dump());
    return std::move(comparison.all);
}

std::vector<Tappable> tappables(const Reply& reply) {
    std::vector<Tappable> all;
    const Json message = Json::parse(reply.json, nullptr, false);
    if (!message.is_object() || !message.contains("interactive")) return all;
    try {
        add_choices(message["interactive"].value("action", Json::object()), all);
    } catch (const Json::exception&) {
        all.clear();  // not the form of an interactive message: nothing can be tapped
    }
    return all;
}

}  // namespace parley::testing
