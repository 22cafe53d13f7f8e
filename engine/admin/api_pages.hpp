// ApiPages: adds calls of the API to the router: behind the gate, answered on a worker, so that they may block.
//
// Threads   Answers run on any worker, several at once.
// Lifetime  The pages' owners, the gate and the workers outlive the router.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "admin/api_gate.hpp"
#include "base/worker_pool.hpp"

namespace parley {

struct ApiCall {
    PathArguments path;
    std::string query, body;
    std::string idempotency_key, if_match;  // headers; empty when absent
    std::string caller;                     // the name of the key
    std::string request_id;
    std::string traceparent;  // a header, as it came
};

using ResponderPtr = std::shared_ptr<Responder>;

class ApiPages {
  public:
    using Answer = std::function<HttpResponse(const ApiCall& call)>;
    // Responds exactly once, now or later, on any thread.
    using LateAnswer = std::function<void(const ApiCall& call, ResponderPtr respond)>;

    ApiPages(Router& router, const ApiGate& gate, WorkerPool& workers)
        : router_(router), gate_(gate), workers_(workers) {}

    // 503 when too many calls wait already. An exception spoils one answer: 500, and a line in the log.
    void add(std::string_view method, std::string_view pattern, ApiScope scope, Answer answer);
    // An exception must come before the response.
    void add_late(std::string_view method, std::string_view pattern, ApiScope scope, LateAnswer answer);

  private:
    Router& router_;
    const ApiGate& gate_;
    WorkerPool& workers_;
};

// 503, for what finds a full queue.
HttpResponse too_busy();

}  // namespace parley
