// parley.metrics/1 on the engine's registry; the same table in the engine and in a worker.
#pragma once

#include <parley/ext/metrics.h>

#include "host/engine_link.hpp"

namespace parley {

class HostServices;

extern const parley_metrics host_metrics_table;  // ctx: a HostServices

// In the engine: what a worker's RemoteFunction::metric_define asks for; the data is the metric's number.
// In a worker: the same here, for what the engine calls `engines`.
RemoteAnswer define_metric(HostServices& host, const RemoteCall& call, std::uint64_t engines = 0);

}  // namespace parley
