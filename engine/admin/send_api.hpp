// POST /api/bsp/send-message and send-test-message: a message that no agent makes, through the same outbox.
#pragma once

#include <list>
#include <mutex>

#include <nlohmann/json.hpp>

#include "admin/account_directory.hpp"
#include "admin/api_pages.hpp"
#include "base/random.hpp"
#include "core/dispatcher.hpp"
#include "core/number_records.hpp"

namespace parley {

// Threads   Handlers work on a worker; endings come on any thread. step(): the timer thread.
// Lifetime  Must outlive the router it was added to, and the completions of the store and the pump.
class SendApi {
  public:
    struct Options {
        Millis patience{10'000};  // of ?wait=true; then the answer is 202
    };
    struct Ports {
        AccountDirectory& directory;
        const AccountRegistry& accounts;
        MessageStore& store;
        NumberRecords& records;
        OutboxPump& pump;
        const Clock& clock;
        Random& random;
        Wakeup& wakeup;
        const ApiGate& gate;
        WorkerPool& workers;
        PrepareReply prepare;  // splits texts, holds them against WhatsApp's limits
        std::function<bool(const std::string&)> needs_window;  // of a native message
        std::function<std::string(std::int32_t)> advice;  // what to do about a Graph error; empty: not known
    };
    SendApi(Options options, Ports ports) : options_(options), ports_(std::move(ports)) {}

    // The same Idempotency-Key with the same body sends once, however often and whenever it comes.
    void add_routes(Router& router);
    MonoTime step(MonoTime now);

  private:
    struct Order {
        DeploymentPtr account;
        Recipient to;
        std::vector<PreparedMessage> parts;
        std::string idempotency_key;
        bool waits = false;
        std::string request_id;
        std::string caller_trace;  // of its traceparent; empty: it gave none, or none that is valid
    };
    struct Part {
        OutboundId id{};
        std::optional<SendEnding> ending;
        TraceId trace_id;
    };
    struct Waiting {
        ResponderPtr respond;
        std::vector<Part> parts;
        MonoTime due{};
    };
    using WaitingPtr = std::shared_ptr<Waiting>;

    struct Call {
        std::string body, idempotency_key, request_id, caller_trace;
        bool waits = false, is_test = false;
    };
    void handle(Call call, ResponderPtr respond);
    AccountResult<Order> read(const std::string& body, bool is_test);
    AccountResult<DeploymentPtr> account_of(const DeploymentId& id);
    AccountResult<bool> check_window(const Order& order, const std::string& native_json);
    AccountResult<std::vector<OutboundMessage>> queue(const Order& order, std::vector<Part>& parts);
    Result<OutboundRecord> known(const Order& order, const NewOutbound& message);
    void wait(std::vector<OutboundMessage> fresh, WaitingPtr waiting);
    void ended(const WaitingPtr& waiting, OutboundId id, const SendEnding& ending);
    HttpResponse answer(const std::vector<Part>& parts) const;

    const Options options_;
    Ports ports_;
    std::mutex mutex_;  // guards waiting_ and what it points to
    std::list<WaitingPtr> waiting_;
};

}  // namespace parley
