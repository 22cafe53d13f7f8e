// The pretended WhatsApp cloud: numbers, users, messages, statuses, faults. It makes no HTTP; Simulator
// connects it to a server, a client and a thread.
//
// Threads   Every function may be called from any thread; one mutex inside.
// Time      Requests are stamped with the clock's time; timers fire in step(now) only.
// Memory    Bounded: see ChatBook, AcceptedLog, WebhookQueue.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto/hmac.hpp"
#include "base/random.hpp"
#include "simulator/accepted_log.hpp"
#include "simulator/block_list.hpp"
#include "simulator/chat_book.hpp"
#include "simulator/cloud_exchange.hpp"
#include "simulator/fault_script.hpp"
#include "simulator/media_shelf.hpp"
#include "simulator/number_life.hpp"
#include "simulator/send_limits.hpp"
#include "simulator/send_steps.hpp"
#include "simulator/subscription_book.hpp"
#include "simulator/template_book.hpp"
#include "simulator/webhook_queue.hpp"

namespace parley::sim {

class Cloud {
  public:
    Cloud(CloudOptions options, const Clock& clock, Random& random);

    // `work` runs, with the mutex held, whenever step() has something new to do. Set before anything else is
    // called.
    void on_work(std::function<void()> work) { on_work_ = std::move(work); }

    // Graph: POST /{version}/{phone_number_id}/messages. `authorization` and `traceparent` are the whole headers.
    GraphAnswer send(std::string_view version, const std::string& phone_number_id,
                     std::string_view authorization, std::string_view body,
                     std::string_view traceparent = {});
    GraphAnswer graph(const GraphCall& call);                                       // every other call
    HttpResponse shaken(const Handshake& handshake, const std::string& problem);    // empty: verified
    HttpResponse download(std::string_view authorization, std::string_view query);  // a media URL
    void serves_media_at(std::string origin);                                       // for webhooks

    // A user writes: {"from","name","user_id","phone_number_id","text" or "message":native,"reply_to","id"}.
    // Returns the wamid. An id that was used before is delivered again and shown once.
    Result<std::string> user_message(const Json& request);
    Result<> seen(const Json& request);  // {"phone_number_id","user"}: the chat is open on somebody's screen

    Json codes() const;                           // of verification, that were sent and not used yet
    Result<> change_number(const Json& request);  // {"phone_number_id","facts":{…}}: how Graph shows it

    Result<> add_faults(const Json& request);  // one rule, a list, or {"rules":[…]}; all or none
    Result<> add_fault(FaultRule rule);
    void clear_faults();
    Result<> change_behaviour(const Json& changes);
    Json behaviour() const;
    void reset();  // forgets messages, counters, faults and what waits; keeps numbers and behaviour

    // Fires what is due and returns what to post now; each must be followed by answered().
    std::vector<WebhookPost> step(MonoTime now);
    void answered(std::uint64_t post, const PostResult& result);
    std::optional<MonoTime> next_due() const;
    void verification(std::string state, std::string reason);  // "none", "waiting", "verified", "refused"

    std::uint64_t revision() const;  // grows with everything that changes_after() would tell
    Json changes_after(std::uint64_t revision) const;
    Json state(const std::string& recipient, std::size_t limit) const;

    // For tests.
    std::uint64_t accepted() const;
    std::vector<AcceptedMessage> accepted_to(const std::string& recipient) const;
    bool wait_accepted(std::uint64_t total, Millis timeout) const;  // real time; false: not reached
    bool wait_idle(Millis timeout) const;  // until every webhook and status was answered 200 or given up

  private:
    const SimulatorNumber* number_for(const std::string& phone_number_id);
    SimulatorNumber number_of(const std::string& phone_number_id) const;
    std::optional<GraphError> admit(std::string_view version, const std::string& phone_number_id,
                                    std::string_view authorization);
    std::optional<GraphError> admit_account(const GraphCall& call) const;
    std::optional<GraphError> check_token(std::string_view version, std::string_view authorization) const;
    GraphReply answer(const GraphCall& call, std::optional<std::variant<MediaFile, GraphError>> upload);
    GraphReply answer_media(const GraphCall& call);
    GraphReply answer_numbers(const GraphCall& call);
    GraphReply add_number(const GraphCall& call);
    GraphReply answer_number(const GraphCall& call);
    std::string next_code();
    bool is_app_token(std::string_view token) const;
    GraphReply debug_token(const GraphCall& call) const;
    GraphAnswer to_answer(GraphReply reply);
    Json list_codes() const;
    bool is_registered(const std::string& phone_number_id) const;
    bool route(WebhookItem& item) const;  // false: nobody is subscribed
    void tell_usage(HttpResponse& response, const std::string& node) const;
    Result<> add_user_media(Json& content, const SimulatorNumber& number);
    std::string media_url(const MediaFile& file) const;
    bool passes_media(const Send& send, Verdict& verdict) const;
    GraphAnswer send_message(const Send& send);
    GraphAnswer play(const FaultRule& fault, const std::function<GraphAnswer()>& do_it,
                     const std::function<GraphAnswer(const GraphError&)>& refuse_it);
    GraphAnswer read_receipt(const Json& body);
    Verdict judge(const Send& send);
    GraphAnswer refuse(const GraphError& error);
    GraphAnswer refuse_and_show(const Send& send, const GraphError& error);
    std::string accept(const Send& send, std::optional<GraphError> later);  // the answer's body
    WebhookItem inbound_item(const Json& request, const std::string& user, const SimulatorNumber& number);
    void start_ladder(std::shared_ptr<const Sent> sent, std::optional<GraphError> later);
    void fire(const StatusStep& due, MonoTime now);
    void show_status(const StatusStep& due, MonoTime now);
    void show_post(const WebhookBatch& batch);
    void show_outcome(const WebhookBatch& batch, const char* state, const PostResult& result,
                      Millis retry_in);
    Json contact_of(const std::string& user) const;
    void announce();
    bool idle() const;

    const Clock& clock_;
    Random& random_;
    CloudOptions options_;
    HmacSha256 signer_;
    bool learns_numbers_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    FaultScript faults_;
    SendLimits limits_;
    WebhookQueue queue_;
    AcceptedLog accepted_;
    MediaShelf media_;
    TemplateBook templates_;
    BlockList blocked_;
    SubscriptionBook subscriptions_;
    std::map<std::string, NumberLife> lives_;  // by phone_number_id; absent: as configured
    std::string media_origin_;
    ChatBook book_;
    std::multimap<MonoTime, StatusStep> timers_;
    std::map<std::string, MonoTime> typing_;              // "number/user" until
    std::unordered_map<std::string, std::string> names_;  // of users
    std::map<int, std::uint64_t> refused_;                // sends by error code
    std::map<std::string, std::uint64_t> counts_;         // cut_before, cut_after, faults, read_receipts
    std::uint64_t epoch_;                                 // another one after reset() and in another process
    std::uint64_t last_id_ = 0;                           // of a message, in either direction
    std::function<void()> on_work_;
    Json last_webhook_error_;
    Json verification_;
};

}  // namespace parley::sim
