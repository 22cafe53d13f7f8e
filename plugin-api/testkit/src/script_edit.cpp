// Edits of a script, by line and column.
#include "script_edit.hpp"

#include <algorithm>
#include <sstream>

namespace parley::testing {

namespace {

using Json = nlohmann::json;

// A text in double quotes; what JSON can say, YAML reads the same.
std::string quoted(const std::string& text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t indent_of(const std::string& line) {
    const auto first = line.find_first_not_of(' ');
    return first == std::string::npos ? line.size() : first;
}

bool is_blank_or_comment(const std::string& line) {
    const auto first = line.find_first_not_of(" \t");
    return first == std::string::npos || line[first] == '#';
}

// Where the scalar that begins at `from` ends in its line; npos when it goes on in the next one.
std::size_t end_of_scalar(const std::string& line, std::size_t from) {
    const char open = line[from];
    if (open == '|' || open == '>') return std::string::npos;
    if (open == '"' || open == '\'') {
        for (std::size_t i = from + 1; i < line.size(); ++i) {
            if (open == '"' && line[i] == '\\')
                ++i;
            else if (line[i] == open && open == '\'' && i + 1 < line.size() && line[i + 1] == open)
                ++i;
            else if (line[i] == open)
                return i + 1;
        }
        return std::string::npos;
    }
    // Inside of {} or [] a plain scalar ends at a comma or bracket too.
    const auto count = [&](char c) {
        return std::count(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(from), c);
    };
    const bool is_in_flow = count('{') > count('}') || count('[') > count(']');
    std::size_t end = line.size();
    for (std::size_t i = from; i < line.size() && end == line.size(); ++i) {
        if (line[i] == '#' && i > from && line[i - 1] == ' ') end = i;
        if (is_in_flow && (line[i] == ',' || line[i] == '}' || line[i] == ']')) end = i;
    }
    const auto last = line.find_last_not_of(" \t\r", end - 1);
    return last == std::string::npos ? end : last + 1;
}

std::string written(const StepOutcome& outcome, const Expectations& old, std::size_t indent) {
    const std::string pad(indent, ' ');
    if (outcome.has_failed) return pad + "expect: {error: " + quoted(outcome.error) + "}";
    std::string items;
    for (const Reply& reply : outcome.replies) {
        std::vector<std::string> titles;
        for (const Tappable& one : tappables(reply)) titles.push_back(one.title);
        items += "\n" + pad + "  - ";
        items += reply.type == "text" ? "" : "type: " + quoted(reply.type) + "\n" + pad + "    ";
        items += "text: " + quoted(reply.text);
        if (!titles.empty()) items += "\n" + pad + "    choices: " + Json(titles).dump();
    }
    if (!old.annotations.empty() || !old.is_given) {
        Json annotations = Json::object();
        for (const auto& [name, value] : outcome.annotations) annotations[name] = value;
        if (!annotations.empty()) items += "\n" + pad + "  - annotations: " + annotations.dump();
    }
    if (!old.state.empty())
        items += "\n" + pad + "  - state: " + (outcome.state_json.empty() ? "{}" : outcome.state_json);
    if (old.requests) items += "\n" + pad + "  - requests: " + Json(outcome.requests).dump();
    return items.empty() ? pad + "expect_none: true" : pad + "expect:" + items;
}

}  // namespace

ScriptEdit::ScriptEdit(const std::string& text) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines_.push_back(line);
}

bool ScriptEdit::can_replace(const Place& at) const {
    const auto line = static_cast<std::size_t>(at.line - 1);
    const auto column = static_cast<std::size_t>(at.column - 1);
    if (at.line == 0 || line >= lines_.size() || column >= lines_[line].size()) return false;
    return end_of_scalar(lines_[line], column) != std::string::npos;
}

bool ScriptEdit::replace_scalar(const Place& at, const std::string& value) {
    if (!can_replace(at)) return false;
    const auto line = static_cast<std::size_t>(at.line - 1);
    const auto column = static_cast<std::size_t>(at.column - 1);
    const std::size_t end = end_of_scalar(lines_[line], column);
    edits_.push_back({line, 0, column, end, quoted(value)});
    return true;
}

bool ScriptEdit::replace_expectation(const Place& step, const Expectations& old, const StepOutcome& outcome) {
    const auto first = static_cast<std::size_t>(step.line - 1);
    const auto indent = static_cast<std::size_t>(step.column - 1);  // of the step's keys
    if (first >= lines_.size() || lines_[first].compare(indent, 1, "{") == 0) return false;
    std::size_t after = first + 1;  // the line behind the step
    while (after < lines_.size() &&
           (is_blank_or_comment(lines_[after]) || indent_of(lines_[after]) >= indent))
        ++after;
    while (after > first + 1 && is_blank_or_comment(lines_[after - 1])) --after;

    std::size_t from = after, until = after;  // the old expectation
    for (std::size_t line = first; line < after && old.is_given; ++line) {
        const std::string_view rest =
            std::string_view(lines_[line]).substr(std::min(indent, lines_[line].size()));
        if (!rest.starts_with("expect:") && !rest.starts_with("expect_none:")) continue;
        from = line;
        until = line + 1;
        const auto belongs = [&](const std::string& text) {
            return indent_of(text) > indent || is_blank_or_comment(text) ||
                   text.compare(indent, 2, "- ") == 0;
        };
        while (until < after && belongs(lines_[until])) ++until;
        break;
    }
    if (from == first) return false;  // "- expect: …": the dash belongs to the step
    // One after another, edits of a line come in the order of the script.
    edits_.push_back({from, until - from, 0, std::string::npos, written(outcome, old, indent)});
    return true;
}

std::string ScriptEdit::text() const {
    std::vector<Edit> edits = edits_;
    std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
        return a.line != b.line ? a.line > b.line : a.column > b.column;
    });
    std::vector<std::string> lines = lines_;
    for (const Edit& edit : edits) {
        if (edit.end != std::string::npos) {
            lines[edit.line].replace(edit.column, edit.end - edit.column, edit.with);
            continue;
        }
        const auto at = lines.begin() + static_cast<std::ptrdiff_t>(edit.line);
        lines.insert(lines.erase(at, at + static_cast<std::ptrdiff_t>(edit.lines)), edit.with);
    }
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
}

}  // namespace parley::testing
