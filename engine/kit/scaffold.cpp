#include "kit/scaffold.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "base/embedded_file.hpp"

namespace parley::kit {

std::span<const EmbeddedFile> scaffold_files();

namespace {

namespace fs = std::filesystem;

struct Target {
    std::string_view from;
    std::string_view to;  // @NAME@ is filled in
};

constexpr std::array<Target, 8> both{{{"both/CMakeLists.txt.in", "CMakeLists.txt"},
                                      {"both/CMakePresets.json.in", "CMakePresets.json"},
                                      {"both/README.md.in", "README.md"},
                                      {"both/ci.yml.in", ".github/workflows/ci.yml"},
                                      {"both/config.example.yaml.in", "config.example.yaml"},
                                      {"both/gitignore.in", ".gitignore"},
                                      {"both/hello.yaml.in", "tests/hello.yaml"},
                                      {"both/test.cpp.in", "tests/@NAME@_test.cpp"}}};

Result<> check_name(const std::string& name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    const bool is_fine = !name.empty() && name.size() <= 64 && name.front() >= 'a' && name.front() <= 'z' &&
                         std::all_of(name.begin(), name.end(), fits);
    // CMake has targets of its own with these names.
    const std::array<std::string_view, 6> taken{"test", "all", "clean", "install", "help", "package"};
    if (is_fine && std::find(taken.begin(), taken.end(), name) == taken.end()) return {};
    return Error{Errc::invalid_input,
                 "\"" + name +
                     "\" cannot be the name of a project: write lower-case letters, digits, - and _, "
                     "beginning with a letter, for example card-helper"};
}

Result<> check_id(const std::string& id) {
    const auto fits = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
    };
    if (!id.empty() && id.size() <= 128 && id.front() != '.' && std::all_of(id.begin(), id.end(), fits))
        return {};
    return Error{Errc::invalid_input, "\"" + id +
                                          "\" cannot be the id of an agent: write letters, digits, '.', '_' "
                                          "and '-', for example com.example.hello"};
}

std::string filled(std::string_view text,
                   const std::vector<std::pair<std::string_view, std::string>>& values) {
    std::string out;
    while (!text.empty()) {
        bool is_place = false;
        for (const auto& [name, value] : values) {
            if (!text.starts_with(name)) continue;
            out += value;
            text.remove_prefix(name.size());
            is_place = true;
            break;
        }
        if (is_place) continue;
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

Result<> write(const fs::path& file, const std::string& text) {
    std::error_code trouble;
    fs::create_directories(file.parent_path(), trouble);
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!trouble && out) return {};
    return Error{Errc::unavailable,
                 file.string() + ": cannot be written" + (trouble ? ": " + trouble.message() : "")};
}

std::string_view bytes_of(std::string_view path) {
    for (const EmbeddedFile& file : scaffold_files())
        if (file.path == path) return file.bytes;
    return {};
}

}  // namespace

Result<std::vector<std::string>> write_scaffold(const ScaffoldOptions& options) {
    if (const auto fine = check_name(options.name); !fine) return fine.error();
    const std::string id = options.id.empty() ? "com.example." + options.name : options.id;
    if (const auto fine = check_id(id); !fine) return fine.error();
    const fs::path folder = options.parent / options.name;
    std::error_code trouble;
    if (fs::exists(folder, trouble))
        return Error{Errc::conflict,
                     folder.string() + ": is there already; choose another name, or remove it"};

    const std::string source = options.name + (options.in_c ? ".c" : ".cpp");
    const std::vector<std::pair<std::string_view, std::string>> values{
        {"@NAME@", options.name},
        {"@ID@", id},
        {"@SOURCE@", source},
        {"@PREFIX@", options.package_prefix.string()},
        {"@FIND@", options.in_c
                       ? ""
                       : "find_package(nlohmann_json 3.11 REQUIRED)  # apt-get install nlohmann-json3-dev\n"},
        {"@LIBRARIES@", options.in_c ? "" : "\n  LIBRARIES nlohmann_json::nlohmann_json"}};
    std::vector<Target> targets(both.begin(), both.end());
    const std::string source_path = "src/" + source;
    targets.push_back({options.in_c ? "c/agent.c.in" : "cpp/agent.cpp.in", source_path});
    std::vector<std::string> written;
    for (const Target& target : targets) {
        const std::string to = filled(target.to, values);
        if (const auto done = write(folder / to, filled(bytes_of(target.from), values)); !done) {
            fs::remove_all(folder, trouble);
            return done.error();
        }
        written.push_back(options.name + "/" + to);
    }
    std::sort(written.begin(), written.end());
    return written;
}

}  // namespace parley::kit
