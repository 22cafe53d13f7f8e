#include "host/staged_file.hpp"

#include <system_error>

#include "base/crypto/hmac.hpp"
#include "base/synced_file.hpp"
#include "host/plugin_manifest.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

bool holds(const fs::path& path, std::string_view bytes) {
    std::error_code trouble;
    if (fs::file_size(path, trouble) != bytes.size() || trouble) return false;
    const auto found = read_library(path);
    return found && *found == bytes;
}

}  // namespace

Result<fs::path> stage_library(const fs::path& state_dir, const std::string& id, std::string_view bytes) {
    std::error_code trouble;
    const fs::path folder = fs::absolute(state_dir, trouble) / "plugins" / to_hex(sha256(bytes));
    const fs::path path = folder / (id + ".so");
    if (holds(path, bytes)) return path;
    fs::create_directories(folder, trouble);
    if (trouble)
        return Error{Errc::unavailable,
                     folder.string() + ": cannot create this folder: " + trouble.message()};
    if (const auto done = write_synced(path, bytes, 0555); !done) return done.error();
    return path;
}

}  // namespace parley
