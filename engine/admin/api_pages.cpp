#include "admin/api_pages.hpp"

#include "admin/view_json.hpp"

namespace parley {
namespace {

ApiCall to_call(const HttpRequest& request, const PathArguments& path, const std::string& caller) {
    return {path,
            std::string(request.query()),
            std::string(request.body()),
            std::string(request.header("Idempotency-Key")),
            std::string(request.header("If-Match")),
            caller,
            std::string(request.request_id()),
            std::string(request.header("traceparent"))};
}

}  // namespace

void ApiPages::add(std::string_view method, std::string_view pattern, ApiScope scope, Answer answer) {
    add_late(method, pattern, scope, [answer = std::move(answer)](const ApiCall& call, ResponderPtr respond) {
        (*respond)(answer(call));
    });
}

void ApiPages::add_late(std::string_view method, std::string_view pattern, ApiScope scope,
                        LateAnswer answer) {
    auto handler = [&workers = workers_, answer = std::move(answer)](
                       const HttpRequest& request, const PathArguments& path, const std::string& caller,
                       Responder respond) {
        auto shared = std::make_shared<Responder>(std::move(respond));
        const bool queued = workers.post([answer, shared, call = to_call(request, path, caller)] {
            if (auto failed = failure_of(call.request_id, [&] { answer(call, shared); }))
                (*shared)(std::move(*failed));
        });
        if (!queued) (*shared)(too_busy());
    };
    router_.add(method, pattern, gate_.guard(scope, std::move(handler)));
}

HttpResponse too_busy() {
    return problem(503, "Busy", "Too much work waits already; try again.");
}

}  // namespace parley
