// Sends messages through the Graph API.
#pragma once

#include <atomic>
#include <string>

#include "base/metrics.hpp"
#include "core/sender.hpp"
#include "whatsapp/graph_call.hpp"

namespace parley {

// Any thread. `done` runs on the HTTP client's thread, or before send() returns when nothing could be sent.
// The access token leaves in the Authorization header only; where Graph echoes it in an error it is blotted
// out. The client must not call back after this object is gone: shut it down first.
class GraphClient final : public Sender {
  public:
    GraphClient(GraphOptions options, HttpClient& http, const Clock& clock, Metrics& metrics);

    void send(const OutboundMessage& message, DeploymentPtr account, Completion<SendOutcome> done) override;
    bool needs_window(const OutboundMessage& message) const override;
    void show_presence(const MessageId& message, DeploymentPtr account, bool typing) override;

  private:
    void count(const SendOutcome& outcome, MonoTime began);
    void note_version(const HttpOutcome& outcome);

    GraphCaller caller_;
    HttpClient& http_;
    const Clock& clock_;
    Counter& sent_;
    Counter& retried_;
    Counter& rejected_;
    Counter& unknown_;
    Counter& presence_failed_;
    Histogram& seconds_;
    std::atomic<bool> version_noted_{false};
};

}  // namespace parley
