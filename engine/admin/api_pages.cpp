#include "admin/api_pages.hpp"

#include "admin/view_json.hpp"

namespace parley {

void ApiPages::add(std::string_view method, std::string_view pattern, ApiScope scope, Answer answer) {
    auto handler = [&workers = workers_, answer = std::move(answer)](
                       const HttpRequest& request, const PathArguments& path, Responder respond) {
        auto shared = std::make_shared<Responder>(std::move(respond));
        ApiCall call{path, std::string(request.query()), std::string(request.body())};
        const bool queued = workers.post([answer, shared, call = std::move(call)] {
            (*shared)(answer_safely([&] { return answer(call); }));
        });
        if (!queued) (*shared)(problem(503, "Busy", "Too much work waits already; try again."));
    };
    router_.add(method, pattern, gate_.guard(scope, std::move(handler)));
}

}  // namespace parley
