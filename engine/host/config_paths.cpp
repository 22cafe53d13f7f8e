#include "host/config_paths.hpp"

#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

namespace parley {
namespace {

using Json = nlohmann::json;

constexpr int max_depth = 32;

using Visit = std::function<void(Json& value, const std::string& pointer)>;

// Every text that the schema calls a path.
void visit_paths(const Json& schema, Json& value, const std::string& pointer, const Visit& visit, int depth) {
    if (!schema.is_object() || depth > max_depth) return;
    if (value.is_string() && schema.value("format", Json()) == "path") return visit(value, pointer);
    if (const auto properties = schema.find("properties");
        value.is_object() && properties != schema.end() && properties->is_object())
        for (auto& [name, member] : value.items())
            if (const auto its = properties->find(name); its != properties->end())
                visit_paths(*its, member, pointer + "/" + name, visit, depth + 1);
    if (const auto items = schema.find("items"); value.is_array() && items != schema.end())
        for (std::size_t i = 0; i < value.size(); ++i)
            visit_paths(*items, value[i], pointer + "/" + std::to_string(i), visit, depth + 1);
}

struct Parsed {
    Json schema, config;
};
Result<Parsed> parse(std::string_view schema_json, std::string_view config_json) {
    Parsed parsed{Json::object(), Json::parse(config_json, nullptr, false)};
    if (!parsed.config.is_object())
        return Error{Errc::invalid_input, "the agent's configuration is not a JSON object"};
    if (!schema_json.empty()) parsed.schema = Json::parse(schema_json, nullptr, false);
    if (!parsed.schema.is_object())
        return Error{Errc::invalid_input, "the agent's config_schema is not a JSON object"};
    return parsed;
}

bool lies_in(const std::filesystem::path& file, const std::filesystem::path& folder) {
    std::error_code trouble;
    const auto base = std::filesystem::weakly_canonical(folder, trouble);
    const auto real = std::filesystem::weakly_canonical(folder / file, trouble);
    if (trouble) return false;
    return std::mismatch(base.begin(), base.end(), real.begin(), real.end()).first == base.end();
}

}  // namespace

Result<std::string> resolve_paths(std::string_view schema_json, std::string_view config_json,
                                  const std::filesystem::path& base_dir) {
    auto parsed = parse(schema_json, config_json);
    if (!parsed) return parsed.error();
    if (schema_json.empty()) return std::string(config_json);
    std::error_code trouble;
    const std::filesystem::path base = std::filesystem::absolute(base_dir, trouble);
    const auto make_absolute = [&](Json& value, const std::string&) {
        const std::filesystem::path path(value.get<std::string>());
        if (!path.empty() && path.is_relative()) value = (base / path).lexically_normal().string();
    };
    visit_paths(parsed->schema, parsed->config, {}, make_absolute, 0);
    return parsed->config.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<std::string>> find_paths_outside(std::string_view schema_json,
                                                    std::string_view config_json,
                                                    const std::filesystem::path& folder) {
    auto parsed = parse(schema_json, config_json);
    if (!parsed) return parsed.error();
    std::vector<std::string> outside;
    const auto judge = [&](Json& value, const std::string& pointer) {
        const auto path = value.get<std::string>();
        if (!path.empty() && (folder.empty() || !lies_in(path, folder))) outside.push_back(pointer);
    };
    visit_paths(parsed->schema, parsed->config, {}, judge, 0);
    return outside;
}

}  // namespace parley
