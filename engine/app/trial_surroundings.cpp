#include "app/trial_surroundings.hpp"

namespace parley {

HttpCallId TrialHttp::start(HttpCall call, Completion<HttpOutcome> done) {
    const int how = how_;
    if (how == real) return http_.start(std::move(call), std::move(done));
    // The call fails without leaving the machine, and completes on the client's own thread as every call does.
    call.url = "http://127.0.0.1:1/";
    call.allow_private_network = true;
    call.body.clear();
    call.headers = {};
    return http_.start(std::move(call), [how, done = std::move(done)](HttpOutcome outcome) mutable {
        if (how != no_server) outcome = HttpOutcome{HttpReply{how, {}, ""}, {}};
        done(std::move(outcome));
    });
}

}  // namespace parley
