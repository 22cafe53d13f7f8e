// Health, metrics and what runs: for operators and their tools.
#pragma once

#include "admin/api_gate.hpp"
#include "admin/engine_view.hpp"
#include "base/worker_pool.hpp"

namespace parley {

// Threads   Handlers answer from a worker when they read the store; /health and /ready answer at once.
// Lifetime  Must outlive the router it was added to.
class OpsApi {
  public:
    OpsApi(EngineView view, const ApiGate& gate, WorkerPool& workers);

    // Open: /health /ready /metrics. Gated: /api/status /api/deployments /api/agents; 400 for parameters that a page
    // does not have.
    void add_routes(Router& router);

  private:
    HttpResponse health() const;
    HttpResponse ready() const;
    HttpResponse status() const;
    HttpResponse deployments() const;
    HttpResponse agents() const;

    EngineView view_;
    const ApiGate& gate_;
    WorkerPool& workers_;
};

}  // namespace parley
