// Port: hands one message to WhatsApp.
#pragma once

#include "base/unique_function.hpp"
#include "core/account_registry.hpp"
#include "core/outbound.hpp"

namespace parley {

class Sender {
  public:
    virtual ~Sender() = default;

    // Makes one call, without waiting and without trying again. `done` runs exactly once, on any thread, also
    // when the sender is shut down (as Unknown once the call may have left, as RetryLater before).
    virtual void send(const OutboundMessage& message, DeploymentPtr account,
                      Completion<SendOutcome> done) = 0;

    // Whether WhatsApp takes the message only while the service window is open: everything but templates. Any thread.
    virtual bool needs_window(const OutboundMessage& message) const = 0;

    // Marks `message` read and, when asked, shows the typing indicator. Best effort: no answer, no retry.
    virtual void show_presence(const MessageId& message, DeploymentPtr account, bool typing) = 0;
};

}  // namespace parley
