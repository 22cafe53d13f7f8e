// What the engine needs of the machine: folders it may write to, room on the disk, open files, a database that is whole.
#pragma once

#include <cstdint>
#include <filesystem>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "base/clock.hpp"

namespace parley::doctor {

struct DiskSpace {
    std::uint64_t bytes = 0;  // free for this user
    std::uint64_t files = 0;  // that can still be made; 0 with a total of 0: not counted
    std::uint64_t most_files = 0;
};

struct OpenFiles {
    std::uint64_t limit = 0;
    int pid = 0;  // of the engine it holds for; 0: it would hold for one that this shell starts
};

Finding judge_disk(const std::string& folder, const DiskSpace& space);
Finding judge_open_files(const OpenFiles& files);

// For the user that runs this, whom the report names.
Report examine_folders(const Config& config);
Report examine_disk(const Config& config);
Report examine_open_files(const Config& config);
// Looking at its pages takes five seconds at most.
Report examine_database(const Config& config, const Clock& clock);
// When the certificate that the engine shows itself ends; nothing without one.
Report examine_own_certificate(const Config& config, WallTime now);

// The same for any certificate: a failure when it has ended, a warning in the last two weeks.
Finding judge_certificate(const std::string& subject, WallTime ends, WallTime now);

}  // namespace parley::doctor
