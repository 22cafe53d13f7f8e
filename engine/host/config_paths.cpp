#include "host/config_paths.hpp"

#include <nlohmann/json.hpp>

namespace parley {
namespace {

using Json = nlohmann::json;

constexpr int max_depth = 32;

void resolve(const Json& schema, Json& value, const std::filesystem::path& base, int depth) {
    if (!schema.is_object() || depth > max_depth) return;
    if (value.is_string() && schema.value("format", Json()) == "path") {
        const std::filesystem::path path(value.get<std::string>());
        if (!path.empty() && path.is_relative()) value = (base / path).lexically_normal().string();
        return;
    }
    if (const auto properties = schema.find("properties");
        value.is_object() && properties != schema.end() && properties->is_object())
        for (auto& [name, member] : value.items())
            if (const auto its = properties->find(name); its != properties->end())
                resolve(*its, member, base, depth + 1);
    if (const auto items = schema.find("items"); value.is_array() && items != schema.end())
        for (Json& element : value) resolve(*items, element, base, depth + 1);
}

}  // namespace

Result<std::string> resolve_paths(std::string_view schema_json, std::string_view config_json,
                                  const std::filesystem::path& base_dir) {
    Json config = Json::parse(config_json, nullptr, false);
    if (!config.is_object())
        return Error{Errc::invalid_input, "the agent's configuration is not a JSON object"};
    if (schema_json.empty()) return std::string(config_json);
    const Json schema = Json::parse(schema_json, nullptr, false);
    if (!schema.is_object())
        return Error{Errc::invalid_input, "the agent's config_schema is not a JSON object"};
    std::error_code trouble;
    const std::filesystem::path base = std::filesystem::absolute(base_dir, trouble);
    resolve(schema, config, base, 0);
    return config.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace parley
