// The host functions that only the engine can perform, on both sides of a worker's socket. An extension whose
// operations end by on_result needs a table here and one row in perform().
#pragma once

#include "host/engine_link.hpp"
#include "host/host_services.hpp"

namespace parley {

// In the worker: the table of an extension that asks the engine, or null. Its ctx is a HostServices.
const void* remote_extension(const char* id) noexcept;

// In the engine: what a worker asked for, with the very function an agent in the engine would have called. `op`
// gets the operation it has started.
RemoteAnswer perform(HostServices& services, const RemoteCall& call, parley_op& op);

}  // namespace parley
