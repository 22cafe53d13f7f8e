#include "app/config.hpp"

namespace parley {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

}  // namespace

std::filesystem::path resolve(const Config& config, std::string_view path) {
    return (config.base_dir / std::filesystem::path(path)).lexically_normal();
}

std::filesystem::path database_file(const Config& config) {
    std::string_view path = config.store.url;
    if (path.starts_with(sqlite_scheme)) path.remove_prefix(sqlite_scheme.size());
    if (path.starts_with("///")) path.remove_prefix(2);
    return resolve(config, path);
}

std::filesystem::path state_directory(const Config& config) {
    return config.state_dir.empty() ? database_file(config).parent_path() : resolve(config, config.state_dir);
}

std::vector<std::filesystem::path> agent_search_path(const Config& config,
                                                     const std::filesystem::path& executable) {
    std::vector<std::filesystem::path> folders;
    for (const std::string& folder : config.agents.path) folders.push_back(resolve(config, folder));
    if (folders.empty()) {
        folders.push_back((executable.parent_path() / "../lib/parley/agents").lexically_normal());
    }
    return folders;
}

bool is_agent_path(std::string_view agent) {
    return agent.find('/') != std::string_view::npos || agent.ends_with(".so");
}

}  // namespace parley
