// Port: where a copy of what webhooks brought is kept, for people who look there.
//
// Nothing depends on it: what is not kept is counted, and lost.
#pragma once

#include <vector>

#include "core/message.hpp"
#include "core/refused_posts.hpp"

namespace parley {

// One item that was stored.
struct LoggedItem {
    DeploymentId deployment;  // empty: nobody answers for its number
    WebhookItem item;
    PostFacts post;
    bool is_expired = false;  // older than store.retention: nobody will answer
};

class WebhookLog {
  public:
    virtual ~WebhookLog() = default;
    // Any thread; neither blocks nor fails.
    virtual void accepted(std::vector<LoggedItem> items) = 0;
    virtual void refused(RefusedPost post) = 0;
};

}  // namespace parley
