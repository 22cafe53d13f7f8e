// parley.secrets/1 on the deployment's policy; the same table in the engine and in a worker.
#pragma once

#include <parley/ext/secrets.h>

#include "host/engine_link.hpp"

namespace parley {

class HostServices;

extern const parley_secrets host_secrets_table;  // ctx: a HostServices

// In the engine: status and value. The caller wipes the value.
RemoteAnswer read_secret(HostServices& host, std::string_view name);

}  // namespace parley
