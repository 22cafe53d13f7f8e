// A Sender that records its calls; the test decides when and how each ends.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "core/sender.hpp"

namespace parley::fakes {

// Any thread.
class FakeSender final : public Sender {
  public:
    struct Call {
        OutboundMessage message;
        DeploymentPtr account;
        Completion<SendOutcome> done;
    };

    void send(const OutboundMessage& message, DeploymentPtr account, Completion<SendOutcome> done) override {
        const std::lock_guard lock(mutex_);
        bodies_.push_back(message.payload_json);
        open_.push_back({message, std::move(account), std::move(done)});
    }
    bool needs_window(const OutboundMessage& message) const override {
        return message.payload_json.find("\"template\"") == std::string::npos;
    }
    void show_presence(const MessageId& message, DeploymentPtr, bool typing) override {
        const std::lock_guard lock(mutex_);
        presence_.push_back(message.str() + (typing ? " typing" : " read"));
    }

    // Ends the oldest open call. The outcome's default is Sent with a wamid made of the callback.
    void answer() {
        Call call = take();
        call.done(Sent{MessageId("wamid." + call.message.callback)});
    }
    void answer(SendOutcome outcome) { take().done(std::move(outcome)); }

    std::size_t open() const {
        const std::lock_guard lock(mutex_);
        return open_.size();
    }
    OutboundMessage front() const {
        const std::lock_guard lock(mutex_);
        return open_.at(0).message;
    }
    std::vector<std::string> bodies() const {
        const std::lock_guard lock(mutex_);
        return bodies_;
    }
    std::vector<std::string> presence() const {
        const std::lock_guard lock(mutex_);
        return presence_;
    }

  private:
    Call take() {
        const std::lock_guard lock(mutex_);
        Call call = std::move(open_.at(0));
        open_.pop_front();
        return call;
    }

    mutable std::mutex mutex_;
    std::deque<Call> open_;
    std::vector<std::string> bodies_;
    std::vector<std::string> presence_;
};

}  // namespace parley::fakes
