// YAML to JSON by YAML 1.2's core schema.
#include "yaml_json.hpp"

#include <charconv>
#include <cmath>
#include <regex>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <parley/testing/yaml_json.hpp>

namespace parley::testing {

namespace {

std::string place(const YAML::Mark& mark) {
    return std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

nlohmann::json plain_scalar(const std::string& text) {
    static const std::regex integer("[-+]?[0-9]+");
    static const std::regex number(R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)");
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    const char* begin = text.data() + (text.front() == '+' ? 1 : 0);
    const char* end = text.data() + text.size();
    if (std::regex_match(text, integer)) {
        std::int64_t whole = 0;
        if (std::from_chars(begin, end, whole).ec == std::errc()) return whole;
    }
    if (std::regex_match(text, number)) {
        double value = 0;
        if (std::from_chars(begin, end, value).ec == std::errc() && std::isfinite(value)) return value;
    }
    return text;
}

}  // namespace

nlohmann::json to_json(const YAML::Node& node) {
    if (node.IsMap()) {
        auto object = nlohmann::json::object();
        for (const auto& entry : node) {
            const std::string key = entry.first.Scalar();
            if (object.contains(key))
                throw std::runtime_error(place(entry.first.Mark()) + ": the key " + key +
                                         " stands here a second time");
            object[key] = to_json(entry.second);
        }
        return object;
    }
    if (node.IsSequence()) {
        auto array = nlohmann::json::array();
        for (const YAML::Node& element : node) array.push_back(to_json(element));
        return array;
    }
    // "!" marks a scalar in quotes, "?" one without.
    if (node.IsScalar())
        return node.Tag() == "!" ? nlohmann::json(node.Scalar()) : plain_scalar(node.Scalar());
    return nullptr;
}

std::string yaml_to_json(std::string_view yaml) {
    try {
        return to_json(YAML::Load(std::string(yaml)))
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    } catch (const YAML::Exception& problem) {
        throw std::runtime_error(place(problem.mark) + ": " + problem.msg);
    }
}

}  // namespace parley::testing
