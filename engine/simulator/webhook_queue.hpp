// What waits to be posted to the webhook: order, batches, duplicates, retries. Posts nothing itself.
//
// Order     Items of one lane go one POST after another, each after the one before was answered 200 or
//           given up, unless Behaviour::shuffle is set. Lanes do not wait for each other.
// Retries   The first at once, then Behaviour::retry_first doubling up to retry_cap, until retry_for after
//           the first try. A new item in a waiting lane makes its retry due at once.
// Memory    At most max_items wait; further ones are dropped and counted.
// Threads   None of its own; the caller serialises.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "simulator/behaviour.hpp"
#include "simulator/webhook_body.hpp"

namespace parley::sim {

// The items of one POST, all for the same URL.
struct WebhookBatch {
    std::uint64_t id = 0;
    std::vector<WebhookItem> items;
    unsigned tries = 0;  // including the one that is due now
    MonoTime first_try{};
    std::string body;  // the caller's: the signed bytes, the same in every try
};

class WebhookQueue {
  public:
    static constexpr std::size_t max_items = 200'000;

    struct Counts {
        std::uint64_t posts = 0, delivered = 0, retried = 0, given_up = 0,
                      dropped = 0;  // the last four in items
    };

    // Queues the item and its duplicates. False when it was dropped.
    bool push(WebhookItem item, MonoTime now, const Behaviour& behaviour, Random& random);

    // The next batch to post now, or none. It is in flight until succeeded() or failed().
    WebhookBatch* take(MonoTime now, const Behaviour& behaviour);

    // The batch was answered 200. Returns it.
    WebhookBatch succeeded(std::uint64_t id);

    // The batch failed: when it will be tried again, or nothing: it was given up (returned in `gone`).
    std::optional<Millis> failed(std::uint64_t id, MonoTime now, const Behaviour& behaviour, Random& random,
                                 WebhookBatch& gone);

    const WebhookBatch* find(std::uint64_t id) const;
    std::optional<MonoTime> next_due(const Behaviour& behaviour) const;
    std::size_t waiting() const { return waiting_; }      // items in no batch yet
    std::size_t in_flight() const { return in_flight_; }  // batches posted and not answered
    std::size_t retrying() const { return retries_.size(); }
    const Counts& counts() const { return counts_; }
    void clear();  // forgets everything; answers of batches in flight are ignored then

  private:
    struct Waiting {
        WebhookItem item;
        MonoTime due{};
    };
    struct Lane {
        std::deque<Waiting> items;
        std::uint64_t batch = 0;  // the one that holds the lane; 0: free
    };

    void enqueue(WebhookItem item, MonoTime due, MonoTime now);
    void hasten(std::uint64_t batch, MonoTime now);
    void fill(WebhookBatch& batch, MonoTime now, unsigned limit);
    WebhookBatch release(std::uint64_t id);

    std::unordered_map<std::string, Lane> lanes_;
    std::set<std::pair<MonoTime, std::string>> ready_;  // free lanes with items, by their head's time
    std::unordered_map<std::uint64_t, WebhookBatch> batches_;
    std::multimap<MonoTime, std::uint64_t> retries_;
    Counts counts_;
    std::size_t waiting_ = 0;
    std::size_t in_flight_ = 0;
    std::uint64_t last_id_ = 0;
};

}  // namespace parley::sim
