// ApiPages: adds calls of the API to the router: behind the gate, answered on a worker, so that they may block.
//
// Threads   Answers run on any worker, several at once.
// Lifetime  The pages' owners, the gate and the workers outlive the router.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "admin/api_gate.hpp"
#include "base/worker_pool.hpp"

namespace parley {

struct ApiCall {
    PathArguments path;
    std::string query, body;
};

class ApiPages {
  public:
    using Answer = std::function<HttpResponse(const ApiCall& call)>;

    ApiPages(Router& router, const ApiGate& gate, WorkerPool& workers)
        : router_(router), gate_(gate), workers_(workers) {}

    // 503 when too many calls wait already. An exception spoils one answer: 500, and a line in the log.
    void add(std::string_view method, std::string_view pattern, ApiScope scope, Answer answer);

  private:
    Router& router_;
    const ApiGate& gate_;
    WorkerPool& workers_;
};

}  // namespace parley
