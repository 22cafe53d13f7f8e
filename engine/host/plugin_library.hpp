// One loaded version of an agent's library. Its code stays mapped as long as this object lives.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include <parley/plugin.h>

#include "base/result.hpp"
#include "host/plugin_manifest.hpp"

namespace parley {

// Thread-safe once opened. Unloading (in the destructor) is best effort: what stays mapped is logged, never
// forced.
class PluginLibrary {
  public:
    // Inspects `bytes`, the content of the file at `path`, copies them under `state_dir`, loads the copy
    // (RTLD_NOW | RTLD_LOCAL) and checks that its table says what its manifest says. Runs the library's
    // static constructors on this thread. Errors begin with the path and say what to do.
    static Result<std::shared_ptr<PluginLibrary>> open(const std::filesystem::path& path,
                                                       std::string_view bytes,
                                                       const std::filesystem::path& state_dir);
    // A copy that open() or stage_library() made, in a process of its own. invalid_input when its bytes are others.
    static Result<std::shared_ptr<PluginLibrary>> open_staged(const std::filesystem::path& staged,
                                                              const std::string& sha256);
    ~PluginLibrary();
    PluginLibrary(const PluginLibrary&) = delete;
    PluginLibrary& operator=(const PluginLibrary&) = delete;

    const parley_plugin& table() const noexcept { return *table_; }
    const PluginInfo& info() const noexcept { return info_; }
    const PluginManifest& manifest() const noexcept { return info_.manifest; }
    const std::string& sha256() const noexcept { return sha256_; }  // hexadecimal
    const std::filesystem::path& staged_path() const noexcept { return staged_; }

    // From now on the code stays mapped until the process ends, whatever happens to this object.
    void pin() noexcept;

  private:
    struct Loaded;
    PluginLibrary(PluginInfo info, std::filesystem::path staged, std::string sha256);
    static Result<std::shared_ptr<PluginLibrary>> load(PluginInfo info, std::filesystem::path staged,
                                                       std::string sha256);
    Result<> load();
    Result<> check_table() const;

    PluginInfo info_;
    std::filesystem::path staged_;
    std::string sha256_;
    std::unique_ptr<Loaded> loaded_;
    const parley_plugin* table_ = nullptr;
    bool pinned_ = false;
};

// Whether /proc/self/maps names this file.
bool is_mapped(const std::filesystem::path& path);

}  // namespace parley
