#include "host/plugin_library.hpp"

#include <exception>
#include <fstream>

#include <boost/dll/shared_library.hpp>
#include <dlfcn.h>

#include "base/crypto/hmac.hpp"
#include "base/log.hpp"
#include "host/staged_file.hpp"

namespace parley {

struct PluginLibrary::Loaded {
    boost::dll::shared_library library;
};

namespace {

Error explain_load_failure(const std::filesystem::path& path, const std::string& reason) {
    const auto mentions = [&](const char* text) { return reason.find(text) != std::string::npos; };
    std::string sentence = "cannot be loaded: " + reason;
    if (mentions("GLIBCXX_") || mentions("CXXABI_"))
        sentence =
            "was built against a newer libstdc++ than this host's: build it on this system's distribution (" +
            reason + ")";
    else if (mentions("version `GLIBC_"))
        sentence =
            "was built against a newer C library than this host's: build it on this system's distribution (" +
            reason + ")";
    else if (mentions("undefined symbol"))
        sentence = "uses a symbol that nothing provides: link every library it needs, with -Wl,-z,defs (" +
                   reason + ")";
    else if (mentions("cannot open shared object file"))
        sentence = "needs a shared library that is not installed here: install it (" + reason + ")";
    else if (mentions("Operation not permitted"))
        sentence = "cannot be loaded: is state_dir on a file system mounted noexec? (" + reason + ")";
    return {Errc::invalid_input, path.string() + ": " + sentence};
}

}  // namespace

PluginLibrary::PluginLibrary(PluginInfo info, std::filesystem::path staged, std::string sha256)
    : info_(std::move(info)),
      staged_(std::move(staged)),
      sha256_(std::move(sha256)),
      loaded_(std::make_unique<Loaded>()) {}

Result<std::shared_ptr<PluginLibrary>> PluginLibrary::open(const std::filesystem::path& path,
                                                           std::string_view bytes,
                                                           const std::filesystem::path& state_dir) {
    auto info = inspect_plugin_bytes(path, bytes);
    if (!info) return info.error();
    const auto staged = stage_library(state_dir, info->manifest.id, bytes);
    if (!staged) return staged.error();

    return load(std::move(*info), *staged, to_hex(parley::sha256(bytes)));
}

Result<std::shared_ptr<PluginLibrary>> PluginLibrary::open_staged(const std::filesystem::path& staged,
                                                                  const std::string& sha256) {
    const auto bytes = read_library(staged);
    if (!bytes) return bytes.error();
    if (to_hex(parley::sha256(*bytes)) != sha256)
        return Error{Errc::invalid_input, staged.string() + ": is not the copy that was made"};
    auto info = inspect_plugin_bytes(staged, *bytes);
    if (!info) return info.error();
    return load(std::move(*info), staged, sha256);
}

Result<std::shared_ptr<PluginLibrary>> PluginLibrary::load(PluginInfo info, std::filesystem::path staged,
                                                           std::string sha256) {
    std::shared_ptr<PluginLibrary> library(
        new PluginLibrary(std::move(info), std::move(staged), std::move(sha256)));
    if (const auto loaded = library->load(); !loaded) return loaded.error();
    if (const auto fine = library->check_table(); !fine)
        return fine.error().within(library->info_.path.string());
    if (library->manifest().keep_loaded) library->pin();
    return library;
}

Result<> PluginLibrary::load() {
    using boost::dll::load_mode::rtld_local;
    using boost::dll::load_mode::rtld_now;
    try {
        loaded_->library.load(staged_, rtld_now | rtld_local);
        table_ = &loaded_->library.get<const parley_plugin>("parley_plugin_v1");
    } catch (const std::exception& error) {
        return explain_load_failure(info_.path, error.what());
    }
    return {};
}

Result<> PluginLibrary::check_table() const {
    const auto refusal = [](std::string sentence) { return Error{Errc::invalid_input, std::move(sentence)}; };
    if (!PARLEY_HAS(table_, create) || table_->count == nullptr || table_->desc == nullptr ||
        table_->create == nullptr)
        return refusal("its table parley_plugin_v1 is incomplete: set struct_size, count, desc and create");
    if (table_->abi_major != manifest().abi_major || table_->abi_minor != manifest().abi_minor)
        return refusal(
            "its table and its manifest name different contracts: build both from the same plugin.h");
    try {
        const std::uint32_t count = table_->count();
        for (std::uint32_t i = 0; i < count && i < 64; ++i) {
            const parley_desc* desc = table_->desc(i);
            if (desc == nullptr || !PARLEY_HAS(desc, version) || desc->id == nullptr ||
                desc->version == nullptr)
                return refusal("desc(" + std::to_string(i) + ") gives no id and version");
            if (manifest().id != desc->id) continue;
            if (manifest().version != desc->version)
                return refusal("its manifest says version " + manifest().version + ", its table says " +
                               std::string(desc->version).substr(0, 64) + ": they must be the same");
            return {};
        }
    } catch (...) {
        return refusal("count() or desc() threw an exception: no exception may leave a plugin function");
    }
    return refusal("its manifest says id " + manifest().id + ", but its table holds no agent of that id");
}

void PluginLibrary::pin() noexcept {
    // The extra reference is given away on purpose: NODELETE makes every later dlclose leave the code in
    // place.
    pinned_ = ::dlopen(staged_.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD | RTLD_NODELETE) != nullptr;
}

PluginLibrary::~PluginLibrary() {
    if (!loaded_->library.is_loaded()) return;
    loaded_->library.unload();
    const bool stays = is_mapped(staged_);
    if (stays && !pinned_)
        log_warning("plugin stays in memory",
                    {{"agent", info_.manifest.id}, {"version", info_.manifest.version}});
    else
        log_info(stays ? "plugin pinned" : "plugin unloaded",
                 {{"agent", info_.manifest.id}, {"version", info_.manifest.version}});
}

bool is_mapped(const std::filesystem::path& path) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
        if (line.ends_with(path.string())) return true;
    return false;
}

}  // namespace parley
