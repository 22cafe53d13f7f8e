// FirestoreWebhookLog: copies of webhooks, written by a thread of its own in batches.
//
// Bounds    A queue of so many items and bytes. While Firestore is slow or down they wait; what does not fit is dropped and
//           counted, and so is what is left at the end. Writing an item twice is writing it once.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>

#include "core/outbound.hpp"
#include "core/token_bucket.hpp"
#include "core/webhook_log.hpp"
#include "firestore/client.hpp"

namespace parley::firestore {

struct WebhookLogOptions {
    Millis keep{30LL * 24 * 3600 * 1000};  // expire_at is so long after a webhook came
    std::size_t most_queued = 8192;
    std::size_t most_bytes = 32U << 20;
    std::size_t most_in_batch = 200;          // documents; Firestore takes 500
    std::size_t most_batch_bytes = 4U << 20;  // of payloads; Firestore takes 10 MiB
    double refused_per_second = 1;            // whoever sends rubbish must not cost more
    double refused_burst = 60;
    Millis retry_after{10'000};  // between calls while Firestore does not work
};

class FirestoreWebhookLog final : public WebhookLog {
  public:
    // All outlive the log.
    FirestoreWebhookLog(WebhookLogOptions options, Client& client, const Clock& clock, Pause& pause,
                        Metrics& metrics);
    ~FirestoreWebhookLog() override;  // stop()

    void accepted(std::vector<LoggedItem> items) override;
    void refused(RefusedPost post) override;

    // Takes out what is there about a person of this number, by the names they have now. Blocks; any thread but the
    // spine's. unavailable: ask again; some may be gone.
    Result<> erase(const PhoneNumberId& channel, const Recipient& person);

    void start();
    // Writes what waits until a call fails, and joins; what is left is counted as lost. The client's pause is stopped before.
    void stop();

    // The thread's step: writes one batch. False when it failed and waits for another try. For tests, without start().
    bool write_some();
    bool is_empty() const;

  private:
    using Entry = std::variant<LoggedItem, RefusedPost>;

    void add(Entry entry);
    void take_batch();
    Result<> write(std::size_t first, std::size_t count);
    void write_one_by_one();
    void forget(const PhoneNumberId& channel, const Recipient& person);
    Result<> erase_where(const PhoneNumberId& channel, const char* field, const std::string& name);
    void run();

    const WebhookLogOptions options_;
    Client& client_;
    const Clock& clock_;
    Pause& pause_;
    Counter &written_, &full_, &limited_, &not_taken_, &lost_;

    std::mutex writing_;        // held while a batch is written or a person erased; guards batch_
    std::vector<Entry> batch_;  // what the next call writes
    bool is_failing_ = false;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable wake_;
    std::deque<Entry> queue_;
    std::size_t bytes_ = 0;
    TokenBucket refusals_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace parley::firestore
