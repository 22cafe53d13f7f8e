// The templates and the block list of an account over HTTP.
#pragma once

#include "admin/account_graph.hpp"
#include "admin/api_pages.hpp"
#include "base/keyed_workers.hpp"

namespace parley {

// Must outlive the router it was added to.
class GraphPages {
  public:
    struct Ports {
        AccountGraph& graph;
        const ApiGate& gate;
        WorkerPool& workers;
        KeyedWorkers& turns;  // by account
    };
    explicit GraphPages(Ports ports) : ports_(ports) {}

    // GET, POST and DELETE of /api/accounts/{id}/templates and /api/accounts/{id}/blocked.
    void add_routes(Router& router);

  private:
    HttpResponse list_templates(const ApiCall& call);
    HttpResponse create_template(const ApiCall& call);
    HttpResponse remove_template(const ApiCall& call);
    HttpResponse list_blocked(const ApiCall& call);
    HttpResponse block(const ApiCall& call, bool is_blocked);

    Ports ports_;
};

}  // namespace parley
