// Accounts over HTTP: created, verified, shown, paused and removed while the engine runs.
#pragma once

#include "admin/account_directory.hpp"
#include "admin/api_pages.hpp"
#include "admin/engine_view.hpp"
#include "base/keyed_workers.hpp"
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
        WorkerPool& workers;  // for what reads our own records only
        KeyedWorkers& turns;  // by account, for what changes one or asks Meta
    };
    explicit AccountApi(Ports ports) : ports_(ports) {}

    // POST /api/bsp/create-account, request-verification, verify-phone; DELETE /api/bsp/delete-account/{id};
    // GET /api/bsp/account-health/{id}, /api/accounts, /api/accounts/{id}; PATCH /api/accounts/{id};
    // POST /api/accounts/{id}/pause and /resume.
    void add_routes(Router& router);

  private:
    HttpResponse create(NewAccount order);
    HttpResponse list(std::string_view query);
    HttpResponse health(const DeploymentId& id);
    void remove(const DeploymentId& id, bool deregister, const ResponderPtr& respond);
    void add_setup(ApiPages& pages);

    Ports ports_;
};

// The problem document of a failure, with its fields as `errors`.
HttpResponse to_problem(const AccountFailure& failure);

// Answers when the earlier calls of this account have been answered.
void answer_in_turn(KeyedWorkers& turns, const DeploymentId& account, const std::string& request_id,
                    ResponderPtr respond, std::function<HttpResponse()> answer);

}  // namespace parley
