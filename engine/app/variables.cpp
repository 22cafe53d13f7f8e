#include "app/variables.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

namespace parley {
namespace {

constexpr std::size_t most_file_bytes = 64U << 10;
constexpr std::string_view file_prefix = "file:";
constexpr std::string_view secret_prefix = "secret:";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name(std::string_view text) {
    return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9');
    });
}

void fail(Variables::Filled& filled, std::string what, std::string instead) {
    filled.what = std::move(what);
    filled.instead = std::move(instead);
}

}  // namespace

Variables::Variables(const Environment& environment, std::filesystem::path base_dir)
    : environment_(environment), base_dir_(std::move(base_dir)) {}

Variables::Filled Variables::fill(std::string_view text) const {
    return fill(text, nullptr);
}

Variables::Filled Variables::fill(std::string_view text,
                                  const std::function<bool(std::string_view)>& is_known) const {
    Filled filled;
    while (filled.what.empty()) {
        const auto start = text.find("${");
        filled.text += text.substr(0, start);
        if (start == std::string_view::npos) break;
        if (start > 0 && text[start - 1] == '$') {
            filled.text += "{";
            text.remove_prefix(start + 2);
            continue;
        }
        const auto end = text.find('}', start);
        if (end == std::string_view::npos) {
            fail(filled, "${ without a closing }", "write ${NAME}, or $${ for the two characters");
            break;
        }
        const std::string_view whole = text.substr(start, end + 1 - start);
        const std::string_view expression = whole.substr(2, whole.size() - 3);
        text.remove_prefix(end + 1);
        if (!expression.starts_with(secret_prefix)) {
            expand(expression, filled);
        } else if (is_known == nullptr) {
            fail(filled, printable(whole) + " works only in the config of an agent", "write ${NAME}");
        } else if (const auto name = expression.substr(secret_prefix.size()); !is_known(name)) {
            fail(filled, "this deployment has no secret named " + in_quotes(name),
                 "add it beside `config`:  secrets: { " + printable(name) + ": ${VARIABLE} }");
        } else {
            filled.text += whole;
        }
    }
    return filled;
}

void Variables::expand(std::string_view expression, Filled& filled) const {
    if (expression.starts_with(file_prefix)) {
        return expand_file(expression.substr(file_prefix.size()), filled);
    }
    const auto separator = expression.find(":-");
    const bool has_default = separator != std::string_view::npos;
    const std::string_view name = expression.substr(0, separator);
    const std::string_view otherwise = has_default ? expression.substr(separator + 2) : std::string_view{};
    if (!is_name(name)) {
        return fail(filled, "${" + printable(name) + "} does not name a variable",
                    "write ${NAME}, ${NAME:-default}, ${file:/path}, or $${ for the two characters");
    }
    if (has_variable(otherwise)) {
        return fail(filled, "the default of ${" + printable(name) + "} holds another ${",
                    "defaults are plain text; set the variable instead");
    }
    filled.was_filled = true;
    const auto variable = environment_.find(name);
    if (variable != environment_.end() && !(has_default && variable->second.empty())) {
        filled.text += variable->second;
    } else if (has_default) {
        filled.text += otherwise;
    } else {
        fail(filled, "the variable " + printable(name) + " is not set",
             "set it in the environment, or add a line  " + printable(name) + "=…  to .env beside this file");
    }
}

void Variables::expand_file(std::string_view path, Filled& filled) const {
    const std::filesystem::path file = base_dir_ / std::filesystem::path(path);
    std::error_code failed;
    // A pipe or a device could block or never end.
    if (!std::filesystem::is_regular_file(file, failed)) {
        return fail(filled, "there is no file " + in_quotes(path),
                    "create it, or correct the path in ${file:…}");
    }
    std::ifstream stream(file, std::ios::binary);
    std::string content(most_file_bytes + 1, '\0');
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (stream.bad() || (stream.fail() && !stream.eof())) {
        return fail(filled, "the file " + in_quotes(path) + " cannot be read", "check its permissions");
    }
    content.resize(static_cast<std::size_t>(stream.gcount()));
    if (content.size() > most_file_bytes) {
        return fail(filled, "the file " + in_quotes(path) + " is larger than 64 KiB", {});
    }
    if (content.ends_with('\n')) content.pop_back();
    if (content.ends_with('\r')) content.pop_back();
    filled.was_filled = true;
    filled.text += content;
}

bool has_variable(std::string_view text) noexcept {
    return text.find("${") != std::string_view::npos;
}

}  // namespace parley
