// From a configuration file to a Config: every mistake of the file in one run, nothing half-applied.
#pragma once

#include <filesystem>
#include <string_view>

#include "app/config.hpp"
#include "app/diagnostic.hpp"
#include "app/environment.hpp"
#include "base/clock.hpp"

namespace parley {

// `config` is complete only when `errors` is empty. Both lists are in the order of the file; neither holds a
// secret.
struct LoadReport {
    Config config;
    Diagnostics errors;
    Diagnostics warnings;
};

// `environment` fills ${NAME}; ${file:…}, the files of server.tls, the key of Firestore and nothing else are read from the disk. `now` decides which Graph
// API versions have expired. Never throws but bad_alloc.
LoadReport load_config(std::string_view file_name, std::string_view text, const Environment& environment,
                       WallTime now);

// The same for a file of at most 1 MiB, with the `.env` beside it; variables of `environment` win over those
// of `.env`.
LoadReport load_config_file(const std::filesystem::path& file, const Environment& environment, WallTime now);

// How a refusal ends: "3 errors; nothing was started."
std::string closing_line(const LoadReport& report);

}  // namespace parley
