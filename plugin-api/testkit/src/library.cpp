// dlopen, dlsym and the first look at the table.
#include <stdexcept>

#include <dlfcn.h>

#include <parley/testing/library.hpp>

namespace parley::testing {

Library::Library(const std::string& path, bool stays) : path_(path) {
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | (stays ? RTLD_NODELETE : 0));
    if (!handle) throw std::runtime_error(dlerror());
    handle_ = std::shared_ptr<void>(handle, [](void* open) { dlclose(open); });

    plugin_ = static_cast<const parley_plugin*>(dlsym(handle, "parley_plugin_v1"));
    if (!plugin_) throw std::runtime_error(path + ": does not export parley_plugin_v1");
    if (plugin_->abi_major != PARLEY_ABI_MAJOR || !PARLEY_HAS(plugin_, create)) {
        throw std::runtime_error(path + ": was built for contract " + std::to_string(plugin_->abi_major) +
                                 ", this testkit is for " + std::to_string(PARLEY_ABI_MAJOR));
    }
}

}  // namespace parley::testing
