#include "app/doctor/configuration_check.hpp"

#include <fstream>
#include <iterator>
#include <set>

#include <sys/stat.h>

namespace parley::doctor {
namespace {

namespace fs = std::filesystem;

std::string place_of(const Diagnostic& one) {
    if (one.at.line == 0) return one.file;
    return one.file + ":" + std::to_string(one.at.line) + ":" + std::to_string(one.at.column);
}

std::string text_of(const Diagnostic& one) {
    return one.path.empty() ? one.what : one.path + ": " + one.what;
}

std::string remedy_of(const Diagnostic& one) {
    return one.instead.empty() ? "correct it; `parley check` says when it is right" : one.instead;
}

// ${file:PATH}, wherever it stands.
void add_named_files(const Config& config, std::set<fs::path>& secrets) {
    constexpr std::string_view opening = "${file:";
    std::ifstream stream(config.file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    for (auto at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1)) {
        const auto begin = at + opening.size();
        const auto end = text.find('}', begin);
        if (end != std::string::npos) secrets.insert(resolve(config, text.substr(begin, end - begin)));
    }
}

std::set<fs::path> secret_files(const Config& config) {
    std::set<fs::path> files;
    add_named_files(config, files);
    if (!config.server.tls.private_key.empty()) files.insert(resolve(config, config.server.tls.private_key));
    files.insert(config.base_dir / ".env");
    return files;
}

void judge(const fs::path& file, bool is_secret, Report& report, std::size_t& looked_at) {
    struct stat facts = {};
    if (::stat(file.c_str(), &facts) != 0) return;
    ++looked_at;
    const std::string mode = is_secret ? "chmod 600 " : "chmod o-w ";
    if ((facts.st_mode & S_IWOTH) != 0)
        report.push_back(fail("permissions", file.string(),
                              "everybody on this machine can change it, and with it what the engine does",
                              "`" + (mode + file.string()) + "`"));
    else if (is_secret && (facts.st_mode & S_IROTH) != 0)
        report.push_back(warn("permissions", file.string(),
                              "everybody on this machine can read the secrets in it",
                              "`" + (mode + file.string()) + "`"));
}

}  // namespace

Report examine_configuration(const LoadReport& report) {
    Report found;
    for (const Diagnostic& one : report.errors)
        found.push_back(fail("file", place_of(one), text_of(one), remedy_of(one)));
    for (const Diagnostic& one : report.warnings)
        found.push_back(warn("file", place_of(one), text_of(one), remedy_of(one)));
    if (found.empty())
        found.push_back(pass("file", report.config.file,
                             counted(report.config.deployments.size(), "deployment") + ", no mistakes"));
    return found;
}

Report examine_permissions(const Config& config) {
    Report found;
    std::size_t looked_at = 0;
    judge(config.file, false, found, looked_at);
    for (const fs::path& file : secret_files(config)) judge(file, true, found, looked_at);
    if (found.empty())
        found.push_back(pass("permissions", "", counted(looked_at, "file") + ", none open to everybody"));
    return found;
}

}  // namespace parley::doctor
