#include "host/host_secrets.hpp"

#include <algorithm>
#include <cstring>

#include "host/host_services.hpp"
#include "host/host_text.hpp"

namespace parley {
namespace {

constexpr std::size_t max_name = 256;

parley_status copy_secret(HostServices& host, std::string_view name, char* buffer, std::size_t cap,
                          std::size_t& size) {
    EngineLink* const engine = host.ports().engine;
    RemoteAnswer found = engine != nullptr ? engine->call({RemoteFunction::secret_get, 0, 0, {name}, {}})
                                           : read_secret(host, name);
    size = found.data.size();
    const bool fits = size <= cap;
    if (found.status == PARLEY_OK && fits && size > 0) std::memcpy(buffer, found.data.data(), size);
    ::explicit_bzero(found.data.data(), found.data.size());
    return found.status == PARLEY_OK && !fits ? PARLEY_LIMIT : found.status;
}

parley_status get(void* ctx, parley_str name_text, char* buffer, std::size_t cap, std::size_t* size) {
    try {
        std::string_view name;
        if (size == nullptr || (buffer == nullptr && cap > 0) || !read_parley_str(name_text, name) ||
            name.empty() || name.size() > max_name)
            return PARLEY_INVALID;
        return copy_secret(*static_cast<HostServices*>(ctx), name, buffer, cap, *size);
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

}  // namespace

RemoteAnswer read_secret(HostServices& host, std::string_view name) {
    if (!host.identity().reads_secrets) return {PARLEY_UNSUPPORTED, {}};
    const auto policy = host.policy();
    const auto found = policy->secrets.find(std::string(name));
    if (found != policy->secrets.end()) return {PARLEY_OK, std::string(found->second.reveal())};
    host.refused(
        "agent asked for a secret it does not have",
        "the deployment has no secret named " + one_line(name, max_name) + ": add it under `secrets`");
    return {PARLEY_DENIED, {}};
}

const parley_secrets host_secrets_table{sizeof(parley_secrets), get};

}  // namespace parley
