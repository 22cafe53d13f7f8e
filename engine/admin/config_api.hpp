// POST /api/config/reload: the file is read again, as by SIGHUP.
#pragma once

#include <functional>

#include "admin/api_gate.hpp"
#include "admin/reload_report.hpp"
#include "base/worker_pool.hpp"

namespace parley {

// Must outlive the router it was added to.
class ConfigApi {
  public:
    using Reload = std::function<ReloadReport()>;  // blocks

    ConfigApi(Reload reload, const ApiGate& gate, WorkerPool& workers);

    // 200 with what was applied and what was left; 422 with every mistake of the file; 409 when nothing could be read.
    void add_routes(Router& router);

  private:
    Reload reload_;
    const ApiGate& gate_;
    WorkerPool& workers_;
};

}  // namespace parley
