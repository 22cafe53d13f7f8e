// What is measured of one deployment's worker.
#pragma once

#include "base/metrics.hpp"
#include "host/isolated_agent.hpp"

namespace parley {

struct IsolatedAgent::Counters {
    Counters(Metrics& m, const DeploymentId& deployment)
        : restarts(m.counter("parley_worker_restarts_total", "Workers started again after they ended",
                             {{"deployment", deployment.str()}})),
          up(m.gauge("parley_worker_up",
                     "Workers of the deployment that are ready for turns; two while one replaces another",
                     {{"deployment", deployment.str()}})),
          breaker(m.gauge("parley_worker_breaker_open",
                          "1 while turns fail at once because the worker crashed too often",
                          {{"deployment", deployment.str()}})),
          faults(m.counter("parley_faults_total", "Mistakes of the engine that were caught",
                           {{"where", "agent"}})),
          slow(m.counter("parley_agent_slow_callbacks_total",
                         "Callbacks of an agent that took longer than 50 ms",
                         {{"deployment", deployment.str()}})) {}
    Counter& restarts;
    Gauge& up;
    Gauge& breaker;
    Counter& faults;
    Counter& slow;
};

}  // namespace parley
