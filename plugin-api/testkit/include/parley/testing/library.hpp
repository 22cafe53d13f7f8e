// A built agent, loaded as the engine loads it.
#pragma once

#include <memory>
#include <string>

#include <parley/plugin.h>

namespace parley::testing {

// Keeps the library loaded while it lives. Movable.
class Library {
  public:
    // dlopen with RTLD_NOW and RTLD_LOCAL. Throws std::runtime_error when the file cannot be loaded, has no
    // parley_plugin_v1, or was built for another major version of the contract.
    // With `stays` its code stays mapped until the process ends, so that what reports at the end (Valgrind, a leak
    // checker, a profiler) still finds its symbols.
    explicit Library(const std::string& path, bool stays = false);

    const parley_plugin& plugin() const noexcept { return *plugin_; }
    const std::string& path() const noexcept { return path_; }

  private:
    std::string path_;
    std::shared_ptr<void> handle_;
    const parley_plugin* plugin_ = nullptr;
};

}  // namespace parley::testing
