// WindowTemplates: what is sent instead when WhatsApp takes no free-form message any more, 24 hours after the user's
// last one: a template that invites the user to write, once a day and conversation.
#pragma once

#include <optional>
#include <unordered_map>

#include "base/random.hpp"
#include "core/account.hpp"
#include "core/outbound.hpp"

namespace parley {

// Not thread-safe: whoever owns it locks. What it knows ends with the process.
class WindowTemplates {
  public:
    WindowTemplates(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    // The deployment's template for `to`. None when it has none, or when this conversation got one within a day.
    std::optional<NewOutbound> instead(ConversationId conversation, const Recipient& to,
                                       const Deployment& deployment);
    void forget_old();

  private:
    const Clock& clock_;
    Random& random_;
    std::unordered_map<ConversationId, MonoTime> sent_;
};

}  // namespace parley
