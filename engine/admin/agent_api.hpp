// POST /api/deployments/{id}/reload: the agent of a deployment is replaced while it answers.
#pragma once

#include <functional>

#include "admin/api_gate.hpp"
#include "admin/engine_view.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

namespace parley {

struct AgentSwap {
    AgentView before, now;
};

// The file as it is now; back to what ran before, or without the version on trial; the version on trial for all.
enum class SwapTo { newest, previous, promoted };

// Must outlive the router it was added to.
class AgentApi {
  public:
    // Blocks. not_found: no such deployment; conflict: there is no previous one, none is on trial, or the engine
    // drains; else why the new one did not start, and the old one answers on.
    using Swap = std::function<Result<AgentSwap>(const DeploymentId& deployment, SwapTo to)>;

    AgentApi(Swap swap, const ApiGate& gate, WorkerPool& workers);

    // The body may be {"to":"previous"} or {"to":"promote"}. 200 with both versions, 404, 409, 422 when the new one did not start.
    void add_routes(Router& router);

  private:
    Swap swap_;
    const ApiGate& gate_;
    WorkerPool& workers_;
};

}  // namespace parley
