// The door: takes Meta's webhooks, makes them durable, and only then answers 200 and hands them on.
//
// Promise   What was answered 200 is stored. A body is hashed before anything reads it.
// Order     The sink gets what a POST brought, in the order of storing, before the POST is answered.
// Threads   Handlers run on io threads and never block; answers leave from the store's writer thread.
// Lifetime  Outlives every call it made to the store: stop the server, then the store, then this.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "core/account_registry.hpp"
#include "core/inbound_sink.hpp"
#include "core/message_store.hpp"
#include "core/refused_posts.hpp"
#include "core/webhook_log.hpp"
#include "net/router.hpp"
#include "whatsapp/item_routing.hpp"
#include "whatsapp/trial_replies.hpp"
#include "whatsapp/webhook_gate.hpp"
#include "whatsapp/webhook_meters.hpp"
#include "whatsapp/webhook_parser.hpp"

namespace parley {

// A Meta app by the name the configuration gives it.
struct WebhookApp {
    AppId id;
    std::vector<Secret> secrets;        // several while one is being rotated
    std::vector<Secret> verify_tokens;  // of the verification GET
};

struct WebhookOptions {
    std::vector<WebhookApp> apps;
    WebhookGateOptions gate;
    bool allow_unsigned = false;     // trials on this machine, see local_trial.hpp
    bool reply_in_response = false;  // trials: the POST waits for the agents' replies
    Millis reply_wait{10'000};
    std::chrono::hours retention{30 * 24};  // signed items older than this are kept and never answered
    std::chrono::seconds retry_after{5};    // told to Meta when nothing can be stored
};

class WebhookEndpoint {
  public:
    WebhookEndpoint(WebhookOptions options, MessageStore& store, InboundSink& sink, RefusedPosts& refused,
                    const AccountRegistry& accounts, const Clock& clock, WorkerPool& workers,
                    Metrics& metrics);
    ~WebhookEndpoint();
    WebhookEndpoint(const WebhookEndpoint&) = delete;
    WebhookEndpoint& operator=(const WebhookEndpoint&) = delete;

    // Copies of what is stored and of what is refused go there, too. Before the first request; it outlives this.
    void log_to(WebhookLog& log) { log_ = &log; }

    // GET and POST of /webhook, /api/webhook/whatsapp and /webhook/{deployment}. The router must not outlive
    // this.
    void add_routes(Router& router);

    // On reload. Requests that began keep the former options. Any thread.
    void reconfigure(WebhookOptions options);

    // Answers the trials whose waiting is over. Returns when to call again at the latest. Any thread.
    MonoTime step(MonoTime now);

  private:
    struct Keys;
    struct Door;  // the options, ready for use
    struct Post;  // one POST between its storing and its answer

    std::shared_ptr<const Door> door() const;
    void verify(const HttpRequest& request, const DeploymentPtr& only, Responder respond);
    void receive(const HttpRequest& request, const DeploymentPtr& only, Responder respond);
    InboundBatch sort(WebhookBatch parsed, Post& post) const;
    static void keep(WebhookItem item, Routing routing, Post& post, InboundBatch& batch);
    void refuse(Post& post, std::string_view body, PostEnding ending, std::string_view why);
    void note_refusal(WallTime at, const std::string& client, std::string_view body, int status,
                      std::string_view why);
    void log_stored(Post& post, const std::vector<StoredItem>& stored);
    void unknown_deployment(const HttpRequest& request, Responder respond);
    // Answers who may not come this far; true when it did.
    bool turn_away(const WebhookGateOptions& options, const HttpRequest& request, const std::string& client,
                   Responder& respond);
    // At most a line a second.
    void log_refusal(const HttpRequest& request, std::string_view client, std::string_view why);
    void finish(Post& post, Result<std::vector<StoredItem>> stored);
    void answer_trial(Post& post, const std::vector<StoredItem>& stored, std::vector<QueuedMessage> queued);

    MessageStore& store_;
    InboundSink& sink_;
    RefusedPosts& refused_;
    const AccountRegistry& accounts_;
    const Clock& clock_;
    WebhookLog* log_ = nullptr;
    TrialReplies trials_;
    WebhookMeters meters_;
    WebhookGate gate_;
    mutable std::mutex mutex_;  // guards what follows
    std::shared_ptr<const Door> door_;
    MonoTime next_refusal_line_{};
    std::int64_t refusals_unlogged_ = 0;
};

}  // namespace parley
