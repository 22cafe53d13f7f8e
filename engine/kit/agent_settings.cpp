#include "kit/agent_settings.hpp"

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include <parley/testing/yaml_json.hpp>

#include "host/config_paths.hpp"
#include "host/plugin_manifest.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::json;

Result<Json> read_settings_file(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) return Error{Errc::not_found, file.string() + ": cannot be read"};
    std::stringstream text;
    text << in.rdbuf();
    try {
        Json document = Json::parse(testing::yaml_to_json(text.str()));
        if (document.is_null()) document = Json::object();
        if (!document.is_object())
            return Error{Errc::invalid_input, file.string() + ": must be a mapping of settings"};
        return document;
    } catch (const std::exception& problem) {
        return Error{Errc::invalid_input, file.string() + ": " + problem.what()};
    }
}

}  // namespace

Result<std::string> to_config_json(const AgentSettings& settings, const std::filesystem::path& library) {
    Json document = Json::object();
    if (!settings.file.empty()) {
        auto read = read_settings_file(settings.file);
        if (!read) return read.error();
        document = std::move(*read);
    }
    for (const std::string& setting : settings.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos || equals == 0)
            return Error{Errc::invalid_input, "--set " + setting + ": expected key=value"};
        const std::string text = setting.substr(equals + 1);
        auto value = Json::parse(text, nullptr, false);
        document[setting.substr(0, equals)] = value.is_discarded() ? Json(text) : std::move(value);
    }
    const std::string json = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    const auto info = inspect_plugin(library);
    if (!info) return json;  // the command itself says what is wrong with the library
    std::error_code trouble;
    const auto base =
        std::filesystem::absolute(settings.file.empty() ? "." : settings.file.parent_path(), trouble);
    return resolve_paths(info->manifest.config_schema, json, base);
}

}  // namespace parley::kit
