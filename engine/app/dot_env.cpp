#include "app/dot_env.hpp"

#include <algorithm>
#include <optional>

namespace parley {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool is_name(std::string_view text) {
    const auto fits = [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return !text.empty() && !(text.front() >= '0' && text.front() <= '9') &&
           std::all_of(text.begin(), text.end(), fits);
}

char unescaped(char c) {
    switch (c) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        default:
            return c;
    }
}

// The text inside the quotes that `value` begins with; none when they do not close, or something follows
// them.
std::optional<std::string> unquoted(std::string_view value) {
    const char quote = value.front();
    std::string text;
    std::size_t i = 1;
    for (; i < value.size() && value[i] != quote; ++i) {
        if (quote == '"' && value[i] == '\\' && i + 1 < value.size()) {
            text += unescaped(value[++i]);
        } else {
            text += value[i];
        }
    }
    if (i == value.size()) return std::nullopt;
    const std::string_view rest = trimmed(value.substr(i + 1));
    if (!rest.empty() && rest.front() != '#') return std::nullopt;
    return text;
}

std::string_view without_comment(std::string_view value) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '#' && (i == 0 || is_blank(value[i - 1]))) return trimmed(value.substr(0, i));
    }
    return value;
}

void read_line(std::string_view line, unsigned number, DotEnv& result) {
    const auto column_of = [&](std::string_view part) {
        return static_cast<unsigned>(part.data() - line.data()) + 1;
    };
    const auto refuse = [&](std::string_view part, std::string_view name, std::string what,
                            std::string instead) {
        result.errors.push_back(
            {{}, {number, column_of(part)}, std::string(name), std::move(what), std::move(instead)});
    };
    std::string_view rest = trimmed(line);
    if (rest.empty() || rest.front() == '#') return;
    if (rest.starts_with("export ")) rest = trimmed(rest.substr(7));
    const auto equals = rest.find('=');
    const std::string_view name = trimmed(rest.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) {
        // The line may be the rest of a secret: it is not quoted.
        return refuse(rest, {}, "expected NAME=value", "write, for example:  API_KEY=…");
    }
    const std::string_view value = trimmed(rest.substr(equals + 1));
    if (value.empty() || (value.front() != '"' && value.front() != '\'')) {
        result.variables[std::string(name)] = without_comment(value);
        return;
    }
    if (auto text = unquoted(value)) {
        result.variables[std::string(name)] = std::move(*text);
        return;
    }
    refuse(value, name, "the quotes do not close on this line, or something follows them",
           "close the quotes; a line break is \\n in double quotes");
}

}  // namespace

DotEnv parse_dot_env(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    DotEnv result;
    for (unsigned number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        read_line(line, number, result);
    }
    return result;
}

}  // namespace parley
