#include "net/cancellable_calls.hpp"

#include <vector>

namespace parley {

HttpCallId CancellableCalls::start(HttpCall call, Completion<HttpOutcome> done) {
    HttpCallId own = 0;
    {
        const std::lock_guard lock(mutex_);
        if (!has_ended_) open_.emplace(own = ++last_, Open{});
    }
    if (own == 0) {
        HttpOutcome outcome;
        outcome.failure = {HttpFailure::Kind::cancelled, false, "the engine is stopping"};
        done(std::move(outcome));
        return 0;
    }
    const HttpCallId id =
        client_.start(std::move(call), [this, own, done = std::move(done)](HttpOutcome outcome) mutable {
            {
                const std::lock_guard lock(mutex_);
                open_.erase(own);
            }
            done(std::move(outcome));
        });
    bool is_cancelled = false;
    {
        const std::lock_guard lock(mutex_);
        if (const auto its = open_.find(own); its != open_.end()) {
            its->second.id = id;
            is_cancelled = its->second.is_cancelled;
        }
    }
    if (is_cancelled) client_.cancel(id);
    return own;
}

void CancellableCalls::cancel(HttpCallId own) {
    std::optional<HttpCallId> id;
    {
        const std::lock_guard lock(mutex_);
        const auto its = open_.find(own);
        if (its == open_.end()) return;
        its->second.is_cancelled = true;
        id = its->second.id;
    }
    if (id) client_.cancel(*id);
}

void CancellableCalls::end() {
    std::vector<HttpCallId> ids;
    {
        const std::lock_guard lock(mutex_);
        has_ended_ = true;
        for (auto& [own, open] : open_) {
            open.is_cancelled = true;
            if (open.id) ids.push_back(*open.id);
        }
    }
    for (const HttpCallId id : ids) client_.cancel(id);
}

}  // namespace parley
