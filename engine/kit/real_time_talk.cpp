#include "kit/real_time_talk.hpp"

#include <utility>

#include "base/json_text.hpp"

namespace parley::kit {

YesHttp::~YesHttp() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

HttpCallId YesHttp::start(HttpCall, Completion<HttpOutcome> done) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(done));
    changed_.notify_all();
    return ++last_;
}

std::size_t YesHttp::requests() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

void YesHttp::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        auto done = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        done(HttpOutcome{HttpReply{200, {}, "{}"}, {}});
        lock.lock();
    }
}

TurnEvent text_event(const DeploymentPtr& deployment, std::size_t conversation, std::size_t item,
                     const std::string& text, const Clock& clock) {
    TurnEvent event;
    event.deployment = deployment;
    event.conversation = ConversationId{static_cast<std::int64_t>(conversation + 1)};
    event.seq = ItemSeq{static_cast<std::int64_t>(item)};
    event.message.from.wa_id = "91980" + std::to_string(1'000'000 + conversation);
    event.message.type = "text";
    event.message.text = text;
    event.canonical_json = R"({"message_type":"text","content":)" + json_string(text) +
                           R"(,"message":{"type":"text","text":{"body":)" + json_string(text) + "}}}";
    event.received_at = clock.wall();
    event.deadline = clock.mono() + std::chrono::minutes(1);
    return event;
}

}  // namespace parley::kit
