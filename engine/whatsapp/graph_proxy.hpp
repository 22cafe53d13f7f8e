// The Graph-compatible door for a bot of somebody's own: it points its SDK at …/graph, with the deployment's proxy_token
// in place of the access token, and its sends become durable, paced and ordered like those of every agent.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/random.hpp"
#include "core/outbox_pump.hpp"
#include "net/router.hpp"
#include "whatsapp/proxy_calls.hpp"

namespace parley {

// Threads   Handlers and completions: any thread. step(): the timer thread.
// Lifetime  Must outlive the router it was added to, and the completions of the store and the pump.
class GraphProxy {
  public:
    struct Options {
        ProxyCalls::Options calls;
        Millis patience{10'000};  // for WhatsApp's own message id; then the bot gets a provisional one
    };
    struct Ports {
        MessageStore& store;
        OutboxPump& pump;
        HttpClient& http;
        GraphMedia& media;
        const AccountRegistry& accounts;
        const Clock& clock;
        Random& random;
        Wakeup& wakeup;
    };
    GraphProxy(Options options, Ports ports);

    // POST /graph/{version}/{phone_number_id}/messages, and what ProxyCalls passes on. Everything else under /graph is
    // refused in Graph's words, like a request without the right token.
    void add_routes(Router& router);
    MonoTime step(MonoTime now);

  private:
    struct Send {  // a message whose bot waits for its id
        Responder respond;
        std::string input;  // the recipient as the bot wrote it
        Recipient to;
        bool is_template = false;
        MonoTime due{};
        const HttpRequest* request = nullptr;  // until it is answered
        DeploymentPtr account = {};
    };
    using Handler = std::function<void(const HttpRequest&, const PathArguments&, DeploymentPtr, Responder)>;

    RouteHandler of_number(Handler handler, std::size_t place) const;
    RouteHandler of_token(Handler handler) const;
    DeploymentPtr of_account(const std::string& waba_id, const HttpRequest& request) const;
    void add_media_routes(Router& router);
    void add_template_routes(Router& router);
    void post_message(const HttpRequest& request, DeploymentPtr account, Responder respond);
    void queue(NewOutbound message, Send send);
    void ended(OutboundId message, const SendEnding& ending);
    void give_provisional_id(OutboundId message, Send send);
    std::unique_ptr<Send> take(OutboundId message);

    const Options options_;
    Ports ports_;
    ProxyCalls calls_;
    std::mutex mutex_;
    std::unordered_map<OutboundId, std::unique_ptr<Send>> waiting_;
};

}  // namespace parley
