#include "app/doctor/machine_check.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/tls_setup.hpp"
#include "base/utc_text.hpp"
#include "net/http_server.hpp"
#include "store/store_inspection.hpp"

namespace parley::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t mib = 1U << 20;
constexpr std::uint64_t gib = 1U << 30;
// The journal of some thousand messages, the reserve of outcomes and the in-flight file.
constexpr std::uint64_t least_space = 64 * mib;
constexpr std::uint64_t ample_space = gib;
constexpr std::uint64_t least_files = 1000;
// Beside clients: calls to Graph (512 at most), the database, agents, the log.
constexpr std::uint64_t other_descriptors = 768;
constexpr Millis longest_look{5'000};

std::string size_text(std::uint64_t bytes) {
    char text[32];
    if (bytes >= gib)
        std::snprintf(text, sizeof text, "%.1f GiB", static_cast<double>(bytes) / gib);
    else
        std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / mib);
    return text;
}

fs::path nearest_existing(fs::path folder) {
    std::error_code failed;
    while (!fs::exists(folder, failed) && folder.has_relative_path()) folder = folder.parent_path();
    return folder;
}

std::string this_user() {
    return "user " + std::to_string(geteuid()) + (geteuid() == 0 ? " (root)" : "");
}

bool is_writable(const fs::path& path) {
    return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

Finding judge_folder(const std::string& check, const fs::path& folder) {
    const fs::path there = nearest_existing(folder);
    std::error_code failed;
    if (!fs::is_directory(there, failed))
        return fail(check, folder.string(), there.string() + " is no folder", "choose another place for it");
    if (!is_writable(there))
        return fail(check, folder.string(), this_user() + " may not write to " + there.string(),
                    "give the folder to the user the engine runs as, and run this as that user");
    return pass(check, folder.string(),
                there == folder ? "writable for " + this_user() : "is made at the start");
}

// A file that another user made, such as root when the engine was tried by hand, stops the engine's own.
void judge_files(const fs::path& database, Report& report) {
    std::error_code failed;
    for (const char* ending : {"", "-wal", "-shm", ".lock", ".reserve"}) {
        const fs::path file = database.string() + ending;
        if (!fs::exists(file, failed) || is_writable(file)) continue;
        report.push_back(fail("store", file.string(), this_user() + " may not write to it",
                              "chown it to the user the engine runs as, and run this as that user"));
    }
}

std::uint64_t limit_of(int pid) {
    std::ifstream limits("/proc/" + std::to_string(pid) + "/limits");
    constexpr std::string_view name = "Max open files";
    for (std::string line; std::getline(limits, line);) {
        if (!line.starts_with(name)) continue;
        std::istringstream rest(line.substr(name.size()));
        std::string soft;
        rest >> soft;
        return soft == "unlimited" ? RLIM_INFINITY : std::strtoull(soft.c_str(), nullptr, 10);
    }
    return 0;
}

std::string holder_text(int holder) {
    if (holder == 0) return "no engine runs on it";
    return holder > 0 ? "in use by process " + std::to_string(holder) : "in use";
}

Finding judge_database(const std::string& file, const StoreFacts& facts, int holder) {
    if (facts.schema > facts.newest_schema)
        return fail("database", file,
                    "a newer parley wrote it (schema " + std::to_string(facts.schema) + ", this one knows " +
                        std::to_string(facts.newest_schema) + ")",
                    "run the newer parley, or restore a copy from before: `parley restore`");
    std::string text = size_text(facts.bytes) + ", schema " + std::to_string(facts.schema);
    if (facts.schema < facts.newest_schema)
        text += " (the next start brings it to " + std::to_string(facts.newest_schema) + ")";
    text += facts.was_checked ? ", whole" : ", too large to look at every page in 5 s";
    return pass("database", file, text + ", " + holder_text(holder));
}

}  // namespace

Finding judge_disk(const std::string& folder, const DiskSpace& space) {
    const std::string text = size_text(space.bytes) + " free";
    const std::string remedy =
        "make room: with a full disk webhooks get 503 and wait at Meta, and nothing is sent";
    if (space.bytes < least_space) return fail("disk", folder, "only " + text, remedy);
    if (space.most_files > 0 && space.files < least_files)
        return fail("disk", folder,
                    "the file system can make only " + counted(space.files, "more file") + " (inodes)",
                    "delete files that are not needed, or use another file system");
    if (space.bytes < ample_space) return warn("disk", folder, "only " + text, remedy);
    return pass("disk", folder, text);
}

Finding judge_open_files(const OpenFiles& files) {
    const std::uint64_t wanted = HttpServerOptions{}.max_connections + other_descriptors;
    const std::string whose = files.pid > 0 ? "process " + std::to_string(files.pid) : "";
    if (files.limit >= wanted)
        return pass("open-files", whose,
                    files.limit == RLIM_INFINITY ? "no limit" : "up to " + std::to_string(files.limit));
    return warn("open-files", whose,
                "up to " + std::to_string(files.limit) + ", while the engine takes " +
                    std::to_string(HttpServerOptions{}.max_connections) + " connections",
                files.pid > 0
                    ? "start it with a higher limit: LimitNOFILE=16384 in its systemd unit"
                    : "LimitNOFILE=16384 in the systemd unit, or `ulimit -n 16384` before the start");
}

Report examine_folders(const Config& config) {
    const fs::path database = database_file(config);
    Report found{judge_folder("store", database.parent_path())};
    judge_files(database, found);
    if (const fs::path state = state_directory(config); state != database.parent_path())
        found.push_back(judge_folder("state", state));
    return found;
}

Report examine_disk(const Config& config) {
    Report found;
    for (const fs::path& folder : std::set<fs::path>{nearest_existing(database_file(config).parent_path()),
                                                     nearest_existing(state_directory(config))}) {
        struct statvfs facts = {};
        if (statvfs(folder.c_str(), &facts) != 0) continue;
        found.push_back(judge_disk(
            folder.string(),
            {static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize, facts.f_favail, facts.f_files}));
    }
    return found;
}

Report examine_open_files(const Config& config) {
    OpenFiles files;
    files.pid = std::max(0, store_holder(database_file(config)));
    if (files.pid > 0) files.limit = limit_of(files.pid);
    if (files.limit == 0) {  // none runs, or another user's
        rlimit limit = {};
        getrlimit(RLIMIT_NOFILE, &limit);
        files = {limit.rlim_cur, 0};
    }
    return {judge_open_files(files)};
}

Report examine_database(const Config& config, const Clock& clock) {
    const fs::path file = database_file(config);
    const auto facts = inspect_store(file, longest_look, clock);
    if (facts) return {judge_database(file.string(), *facts, store_holder(file))};
    switch (facts.error().code()) {
        case Errc::not_found:
            return {pass("database", file.string(), "is made at the first start")};
        case Errc::corrupt:
            return {fail("database", file.string(), facts.error().message(),
                         "stop the engine, keep a copy of the file, and restore the last backup: `parley "
                         "restore --config FILE --from COPY`")};
        default:
            return {fail("database", file.string(), "cannot be read: " + facts.error().message(),
                         "run this as the user the engine runs as")};
    }
}

Report examine_own_certificate(const Config& config, WallTime now) {
    if (!has_tls(config)) return {};
    TlsContext context;
    const std::string file = resolve(config, config.server.tls.certificate).string();
    if (const auto read = context.use_certificate(file); !read)
        return {
            fail("certificate", file, read.error().message(), "put a PEM file with the whole chain there")};
    return {judge_certificate(file, context.expires_at(), now)};
}

Finding judge_certificate(const std::string& subject, WallTime ends, WallTime now) {
    const auto days = std::chrono::duration_cast<std::chrono::days>(ends - now).count();
    const std::string date = to_utc_text(ends).substr(0, 10);
    if (ends <= now)
        return fail("certificate", subject, "ended on " + date, "renew it; Meta posts to no other");
    const std::string text = "ends on " + date + ", in " + counted(static_cast<std::uint64_t>(days), "day");
    if (days < 14) return warn("certificate", subject, text, "see why it has not been renewed yet");
    return pass("certificate", subject, text);
}

}  // namespace parley::doctor
