#include "kit/process_facts.hpp"

#include <algorithm>
#include <clocale>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace parley::kit {
namespace {

namespace fs = std::filesystem;

std::map<int, std::string> open_descriptors() {
    std::map<int, std::string> found;
    std::error_code trouble;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd", trouble)) {
        const std::string target = fs::read_symlink(entry.path(), trouble).string();
        // The listing's own descriptor is gone by now.
        if (!trouble && target.find("/proc/") != 0) found[std::stoi(entry.path().filename())] = target;
        trouble.clear();
    }
    return found;
}

std::size_t count_threads() {
    std::error_code trouble;
    const fs::directory_iterator all("/proc/self/task", trouble);
    return trouble ? 0 : static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::map<int, std::string> handlers() {
    std::map<int, std::string> found;
    for (int number = 1; number < 65; ++number) {
        struct sigaction action {};
        if (sigaction(number, nullptr, &action) != 0) continue;
        const auto place =
            reinterpret_cast<std::uintptr_t>(action.sa_sigaction);  // 0: the default, 1: ignored
        if (place != 0) found[number] = std::to_string(place);
    }
    return found;
}

std::vector<std::string> environment_now() {
    std::vector<std::string> all;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) all.emplace_back(*entry);
    std::sort(all.begin(), all.end());
    return all;
}

std::string name_of(const std::string& target) {
    if (target.starts_with("socket:")) return "a socket";
    if (target.starts_with("pipe:")) return "a pipe";
    return target;
}

std::string listed(const std::map<int, std::string>& all, const std::map<int, std::string>& but_not) {
    std::string text;
    for (const auto& [number, target] : all) {
        const auto other = but_not.find(number);
        if (other != but_not.end() && other->second == target) continue;
        text += (text.empty() ? "" : ", ") + std::to_string(number) + " (" + name_of(target) + ")";
    }
    return text;
}

std::size_t memory_column(int column) {
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    for (int i = 0; i <= column; ++i) statm >> pages;
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

ProcessFacts read_process_facts() {
    ProcessFacts facts;
    facts.descriptors = open_descriptors();
    facts.threads = count_threads();
    facts.signal_handlers = handlers();
    facts.environment = environment_now();
    std::error_code trouble;
    facts.folder = fs::current_path(trouble).string();
    facts.locale = std::setlocale(LC_ALL, nullptr);
    facts.umask = umask(0);
    umask(facts.umask);
    return facts;
}

std::vector<std::string> differences(const ProcessFacts& before, const ProcessFacts& after) {
    std::vector<std::string> found;
    if (const auto opened = listed(after.descriptors, before.descriptors); !opened.empty())
        found.push_back("left file descriptors open: " + opened);
    if (const auto closed = listed(before.descriptors, after.descriptors); !closed.empty())
        found.push_back("closed file descriptors that are not its own: " + closed);
    if (after.threads > before.threads)
        found.push_back("left " + std::to_string(after.threads - before.threads) + " thread(s) running");
    std::string changed;
    for (int number = 1; number < 65; ++number) {
        const auto was = before.signal_handlers.find(number);
        const auto is = after.signal_handlers.find(number);
        const std::string one = was == before.signal_handlers.end() ? "" : was->second;
        const std::string other = is == after.signal_handlers.end() ? "" : is->second;
        if (one != other)
            changed += (changed.empty() ? "SIG" : ", SIG") +
                       std::string(sigabbrev_np(number) ? sigabbrev_np(number) : "RT");
    }
    if (!changed.empty()) found.push_back("changed the handling of signals: " + changed);
    if (after.environment != before.environment) found.push_back("changed the environment variables");
    if (after.folder != before.folder) found.push_back("changed the working directory to " + after.folder);
    if (after.locale != before.locale) found.push_back("changed the locale to " + after.locale);
    if (after.umask != before.umask) found.push_back("changed the umask");
    return found;
}

std::size_t resident_memory() {
    return memory_column(1);
}

std::size_t virtual_memory() {
    return memory_column(0);
}

}  // namespace parley::kit
