#include "host/plugin_finder.hpp"

#include <algorithm>
#include <set>

#include "base/suggestion.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

bool is_path(const std::string& name) {
    return name.find('/') != std::string::npos || name.ends_with(".so");
}

std::vector<PluginInfo> folder(const fs::path& path) {
    std::vector<fs::path> files;
    std::error_code trouble;
    for (fs::directory_iterator it(path, trouble), end; it != end && !trouble; it.increment(trouble))
        if (it->path().extension() == ".so" && it->is_regular_file(trouble)) files.push_back(it->path());
    std::sort(files.begin(), files.end());
    std::vector<PluginInfo> found;
    for (const fs::path& file : files) {
        auto info = inspect_plugin(file);
        if (info)
            found.push_back(std::move(*info));
        else
            found.push_back({file, {}, {}, info.error().message()});
    }
    return found;
}

Error unknown_agent(const PluginPath& path, const std::string& name, const std::vector<PluginInfo>& known) {
    std::vector<std::string> names;
    for (const PluginInfo& info : known) {
        const std::string stem = info.path.stem().string();
        names.push_back(stem);
        if (info.problem.empty() && info.manifest.id != stem) names.push_back(info.manifest.id);
    }
    std::string sentence = "there is no agent \"" + name + "\".";
    if (const std::string_view close = nearest(name, {names.begin(), names.end()}); !close.empty())
        sentence += " Did you mean \"" + std::string(close) + "\"?";
    sentence += names.empty() ? " No agents were found on agents.path:" : " Known agents:";
    const auto list = [&](const std::string& each, bool first) { sentence += (first ? " " : ", ") + each; };
    if (names.empty())
        for (std::size_t i = 0; i < path.size(); ++i) list(path[i].string(), i == 0);
    else
        for (std::size_t i = 0; i < names.size(); ++i) list(names[i], i == 0);
    return {Errc::not_found, sentence};
}

}  // namespace

Result<std::vector<PluginInfo>> discover_plugins(const PluginPath& path) {
    std::vector<PluginInfo> all;
    std::set<std::string> ids;
    for (const fs::path& place : path) {
        std::error_code trouble;
        if (!fs::is_directory(place, trouble))
            return Error{Errc::not_found, "agents.path: " + place.string() + " is not a folder"};
        for (PluginInfo& info : folder(place)) {
            if (info.problem.empty() && !ids.insert(info.manifest.id).second)
                info.warnings.push_back("another file found earlier has the id " + info.manifest.id +
                                        " and is used instead");
            all.push_back(std::move(info));
        }
    }
    return all;
}

Result<PluginInfo> find_plugin(const PluginPath& path, const std::string& id_or_file) {
    if (is_path(id_or_file)) return inspect_plugin(id_or_file);
    const auto known = discover_plugins(path);
    if (!known) return known.error();
    const auto has_id = [&](const PluginInfo& info) {
        return info.problem.empty() && info.manifest.id == id_or_file;
    };
    const auto has_name = [&](const PluginInfo& info) { return info.path.stem() == id_or_file; };
    auto found = std::find_if(known->begin(), known->end(), has_id);
    if (found == known->end()) found = std::find_if(known->begin(), known->end(), has_name);
    if (found == known->end()) return unknown_agent(path, id_or_file, *known);
    if (!found->problem.empty()) return Error{Errc::invalid_input, found->problem};
    return *found;
}

}  // namespace parley
