// A secret of the deployment: const std::string key = secret("CRM_KEY");
#pragma once

#include <string>
#include <string_view>

#include <parley/ext/secrets.h>
#include <parley/sdk/error.hpp>
#include <parley/sdk/extension.hpp>
#include <parley/sdk/text.hpp>

namespace parley {

// Throws Refused, which names the secret and never its value: DENIED when the deployment does not list it under
// `secrets`, UNSUPPORTED when the manifest does not name parley.secrets/1, or the host does not have it.
inline std::string read_secret(const parley_host& host, std::string_view name) {
    const parley_secrets* secrets = find_extension(host, PARLEY_EXT_SECRETS, &parley_secrets::get);
    const std::string what = "secret " + std::string(name);
    std::string value(256, '\0');
    std::size_t size = 0;
    parley_status status = PARLEY_UNSUPPORTED;
    if (secrets) status = secrets->get(host.ctx, str(name), value.data(), value.size(), &size);
    // It may grow between the two calls.
    while (status == PARLEY_LIMIT && size > value.size()) {
        value.resize(size);
        status = secrets->get(host.ctx, str(name), value.data(), value.size(), &size);
    }
    require_ok(status, what.c_str());
    value.resize(size);
    return value;
}

}  // namespace parley
