// Reading the library under test into a folder of its own.
#pragma once

#include "base/result.hpp"
#include "kit/check.hpp"

namespace parley::kit {

// A new folder for temporary files that goes with the object; empty where none can be made.
class ScratchFolder {
  public:
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// Copies the library into `folder`, so that a build meanwhile changes nothing. not_found, unavailable. An
// empty config_json is {}.
Result<Subject> read_subject(const std::filesystem::path& file, const std::string& config_json,
                             std::uint64_t seed, const std::filesystem::path& folder);

}  // namespace parley::kit
