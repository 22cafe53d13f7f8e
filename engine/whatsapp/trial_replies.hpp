// Trials: webhook POSTs that wait until their agents have answered and carry the replies in their own
// response.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/worker_pool.hpp"
#include "core/inbound_sink.hpp"
#include "net/http_server.hpp"

namespace parley {

// One POST that waits. It answers once: when every message of it has been told about, or when its time is
// over with what was told until then. Any thread.
class TrialWait {
  public:
    // `ack` is the usual answer, a JSON object; the replies become two further members of it.
    TrialWait(std::string ack, std::size_t messages, MonoTime deadline, Responder respond);

    void tell(std::size_t message, const std::vector<NewOutbound>& replies, const Annotations& annotations);
    void expire();
    MonoTime deadline() const noexcept { return deadline_; }
    bool is_over() const;

  private:
    struct Told {
        std::string replies;  // JSON objects with commas between them
        Annotations annotations;
        bool is_known = false;
    };
    void answer_locked();

    mutable std::mutex mutex_;
    std::string ack_;
    std::vector<Told> told_;
    std::size_t open_;
    MonoTime deadline_;
    std::unique_ptr<Responder> respond_;  // null: answered
};

// Which message of which number, as Meta names it.
struct TrialMessage {
    PhoneNumberId channel;
    MessageId id;
    WallTime timestamp{};
};

// All POSTs that wait. The store, the sink and the pool must outlive it and the jobs it posts.
class TrialReplies {
  public:
    TrialReplies(MessageStore& store, InboundSink& sink, WorkerPool& workers);
    ~TrialReplies();  // answers all that wait

    std::shared_ptr<TrialWait> begin(std::string ack, std::size_t messages, MonoTime deadline,
                                     Responder respond);

    // Tells `wait` when the turn that holds the watcher ends.
    static TurnWatcher watcher(std::shared_ptr<TrialWait> wait, std::size_t message);

    // Tells `wait` what an earlier delivery of the same message led to, waiting for its turn when that still
    // runs.
    void recall(std::shared_ptr<TrialWait> wait, std::size_t message, TrialMessage which);

    // Ends the waits whose time is over by `now`. Returns when the next one ends, or far future.
    MonoTime step(MonoTime now);

  private:
    MessageStore& store_;
    InboundSink& sink_;
    WorkerPool& workers_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<TrialWait>> waits_;
};

}  // namespace parley
