// Paths of a configuration, by its schema.
#include "paths_in_config.hpp"

#include <nlohmann/json.hpp>

namespace parley::testing {

namespace {

using Json = nlohmann::json;

constexpr int deepest = 32;

void resolve(const Json& schema, Json& value, const std::filesystem::path& folder, int depth) {
    if (!schema.is_object() || depth > deepest) return;
    if (value.is_string() && schema.value("format", Json()) == "path") {
        const std::filesystem::path path(value.get<std::string>());
        if (!path.empty() && path.is_relative()) value = (folder / path).lexically_normal().string();
    } else if (value.is_object() && schema.contains("properties") && schema["properties"].is_object()) {
        for (auto& [name, member] : value.items())
            if (schema["properties"].contains(name))
                resolve(schema["properties"][name], member, folder, depth + 1);
    } else if (value.is_array() && schema.contains("items")) {
        for (Json& element : value) resolve(schema["items"], element, folder, depth + 1);
    }
}

}  // namespace

std::string with_absolute_paths(const std::string& schema_json, const std::string& config_json,
                                const std::filesystem::path& folder) {
    Json config = Json::parse(config_json, nullptr, false);
    resolve(Json::parse(schema_json, nullptr, false), config, folder, 0);
    return config.is_discarded() ? config_json : config.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace parley::testing
