#include "app/agent_config.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace parley {
namespace {

using Json = nlohmann::ordered_json;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool all_of(std::string_view text, bool (*fits)(char)) {
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

std::string_view without_sign(std::string_view text) {
    return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

// What a plain scalar looks like to YAML 1.2's core schema.
enum class Form { text, whole, based, fraction, not_json, ambiguous };

Form form_of(std::string_view scalar) {
    const std::string_view digits = without_sign(scalar);
    if (all_of(digits, is_digit)) {
        return digits.size() > 1 && digits.front() == '0' ? Form::ambiguous : Form::whole;
    }
    const auto is_hex = [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
    if (scalar.starts_with("0x") && all_of(scalar.substr(2), is_hex)) return Form::based;
    if (scalar.starts_with("0o") && all_of(scalar.substr(2), is_octal)) return Form::based;
    for (const std::string_view name : {".inf", ".Inf", ".INF"}) {
        if (digits == name) return Form::not_json;
    }
    for (const std::string_view name : {".nan", ".NaN", ".NAN"}) {
        if (scalar == name) return Form::not_json;
    }
    std::string_view mantissa = digits;
    if (const auto e = digits.find_first_of("eE"); e != std::string_view::npos) {
        if (!all_of(without_sign(digits.substr(e + 1)), is_digit)) return Form::text;
        mantissa = digits.substr(0, e);
    }
    const auto dot = std::min(mantissa.find('.'), mantissa.size());
    const std::string_view before = mantissa.substr(0, dot);
    const std::string_view after = mantissa.substr(std::min(dot + 1, mantissa.size()));
    const auto is_part = [](std::string_view part) { return part.empty() || all_of(part, is_digit); };
    const bool is_number = is_part(before) && is_part(after) && !(before.empty() && after.empty());
    if (!is_number) return Form::text;
    return before.size() > 1 && before.front() == '0' ? Form::ambiguous : Form::fraction;
}

template <class Number>
bool read_number(std::string_view text, Number& value, int base = 10) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return problem == std::errc{} && end == text.data() + text.size();
}

class Converter {
  public:
    Converter(const Variables& variables, DeploymentConfig& deployment, Findings& findings)
        : variables_(variables), deployment_(deployment), findings_(findings) {}

    Json convert(const YamlNode& node, const std::string& path, const std::string& pointer) {
        deployment_.config_at.insert_or_assign(pointer, node.at);
        switch (node.kind) {
            case YamlNode::Kind::null:
                return nullptr;
            case YamlNode::Kind::scalar:
                return scalar(node, path);
            case YamlNode::Kind::list:
                return list(node, path, pointer);
            case YamlNode::Kind::map:
                return map(node, path, pointer);
        }
        return nullptr;
    }

  private:
    Json list(const YamlNode& node, const std::string& path, const std::string& pointer) {
        Json array = Json::array();
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const std::string index = std::to_string(i);
            array.push_back(convert(*node.items[i], path + "[" + index + "]", pointer + "/" + index));
        }
        return array;
    }

    Json map(const YamlNode& node, const std::string& path, const std::string& pointer) {
        refuse_repeated_keys(node, path, findings_);
        Json object = Json::object();
        for (const YamlEntry& entry : node.entries) {
            if (entry.first_at.line != 0) continue;
            object.push_back({entry.key, convert(*entry.value, inside(path, entry.key),
                                                 pointer + "/" + escaped(entry.key))});
        }
        return object;
    }

    // RFC 6901.
    static std::string escaped(std::string_view key) {
        std::string text;
        for (const char c : key) {
            if (c == '~')
                text += "~0";
            else if (c == '/')
                text += "~1";
            else
                text += c;
        }
        return text;
    }

    Json scalar(const YamlNode& node, const std::string& path) {
        if (has_variable(node.text)) return filled(node, path);
        if (!node.is_plain) return node.text;
        if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
        if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
        const Form form = form_of(node.text);
        if (form == Form::text) return node.text;
        if (form == Form::not_json) {
            findings_.error(node.at, path, "JSON has no such number: " + in_quotes(node.text),
                            "put it into quotes to make it text");
            return nullptr;
        }
        if (form == Form::ambiguous) {
            findings_.error(node.at, path,
                            "a number with leading zeros reads differently in different YAML versions",
                            "put it into quotes to make it text, or remove the zeros");
            return nullptr;
        }
        return number(node, path, form);
    }

    Json number(const YamlNode& node, const std::string& path, Form form) {
        const std::string_view text = node.text;
        std::int64_t whole = 0;
        std::uint64_t large = 0;
        double fraction = 0;
        const std::string_view unsigned_text = text.starts_with('+') ? text.substr(1) : text;
        if (form == Form::based) {
            if (read_number(text.substr(2), large, text[1] == 'x' ? 16 : 8)) return large;
        } else if (form == Form::whole) {
            if (read_number(unsigned_text, whole)) return whole;
            if (read_number(unsigned_text, large)) return large;
        } else {
            const auto [end, problem] =
                std::from_chars(unsigned_text.data(), unsigned_text.data() + unsigned_text.size(), fraction);
            if (problem == std::errc{} && end == unsigned_text.data() + unsigned_text.size() &&
                std::isfinite(fraction))
                return fraction;
        }
        findings_.error(node.at, path, "this number is too large to be exact",
                        "put it into quotes to make it text");
        return nullptr;
    }

    Json filled(const YamlNode& node, const std::string& path) {
        const auto is_known = [this](std::string_view name) {
            return deployment_.secrets.contains(std::string(name));
        };
        Variables::Filled value = variables_.fill(node.text, is_known);
        if (!value.what.empty()) {
            findings_.error(node.at, path, value.what, value.instead);
            return nullptr;
        }
        return std::move(value.text);
    }

    const Variables& variables_;
    DeploymentConfig& deployment_;
    Findings& findings_;
};

}  // namespace

void read_agent_config(const YamlNode& node, const std::string& path, const Variables& variables,
                       DeploymentConfig& deployment, Findings& findings) {
    if (node.kind == YamlNode::Kind::scalar || node.kind == YamlNode::Kind::list) {
        findings.error(node.at, path, "expected a block of keys, found " + std::string(name_of(node.kind)),
                       "write, for example:  config: { facts: card-facts.yaml }");
        return;
    }
    Json json = Converter(variables, deployment, findings).convert(node, path, "");
    if (json.is_null()) json = Json::object();
    // Values from the environment may be in any encoding.
    deployment.config_json = json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace parley
