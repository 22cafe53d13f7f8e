// Accounts over HTTP: created, verified, shown, paused and removed while the engine runs.
#pragma once

#include "admin/account_directory.hpp"
#include "admin/api_gate.hpp"
#include "admin/engine_view.hpp"
#include "base/worker_pool.hpp"
#include "core/number_records.hpp"

namespace parley {

// Must outlive the router it was added to.
class AccountApi {
  public:
    struct Ports {
        AccountDirectory& accounts;
        NumberRecords& records;
        const EngineView& view;
        const ApiGate& gate;
        WorkerPool& workers;  // one thread: changes of accounts happen one after another
    };
    explicit AccountApi(Ports ports) : ports_(ports) {}

    // POST /api/bsp/create-account, request-verification, verify-phone; DELETE /api/bsp/delete-account/{id};
    // GET /api/bsp/account-health/{id}, /api/accounts, /api/accounts/{id}; POST /api/accounts/{id}/pause and /resume.
    void add_routes(Router& router);

  private:
    HttpResponse create(const std::string& body);
    HttpResponse request_code(const std::string& body);
    HttpResponse verify(const std::string& body);
    HttpResponse list(std::string_view query);
    HttpResponse health(const DeploymentId& id);
    void remove(const DeploymentId& id, bool deregister, Responder respond);

    Ports ports_;
};

// The problem document of a failure, with its fields as `errors`.
HttpResponse to_problem(const AccountFailure& failure);

}  // namespace parley
