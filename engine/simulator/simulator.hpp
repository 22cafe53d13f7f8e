// A WhatsApp Cloud API stand-in: Graph's send endpoint, signed webhooks with statuses, scripted faults, and a
// phone page on which a person chats with the business. Embeddable in tests; `parley simulate` and `parley
// demo` run it.
//
// Threads   The server's io threads, and one that steps timers, webhooks and long polls. Functions may be
//           called from any thread.
// Security  For loopback: /sim/* has no password. Requests with a foreign Origin are refused, so that a
//           web page elsewhere cannot write to it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/router.hpp"
#include "simulator/cloud.hpp"

namespace parley {

struct SimulatorOptions {
    std::string listen = "127.0.0.1:0";
    unsigned threads = 1;                  // of the server
    std::string webhook_url;               // where webhooks are posted
    Secret app_secret;                     // signs them
    std::string verify_token;              // for the GET verification at start; empty: none is made
    std::vector<SimulatorNumber> numbers;  // empty: one made-up number, and any other that is used is learned
    sim::Behaviour behaviour;
    bool own_thread = true;  // false: nothing is timed until step() is called
};

class Simulator {
  public:
    // The clock, random and client must outlive it. Webhooks and the verification go out through `http`.
    Simulator(SimulatorOptions options, const Clock& clock, Random& random, HttpClient& http);
    ~Simulator();  // stop()
    Simulator(const Simulator&) = delete;
    Simulator& operator=(const Simulator&) = delete;

    Result<> start();  // unavailable when the address cannot be bound
    std::uint16_t port() const;
    std::string url() const;  // of the phone page and of Graph, without a trailing slash
    void stop();              // cancels webhooks that are open

    // Fires timers, posts webhooks and answers polls that are due at `now`. For tests without own_thread.
    void step(MonoTime now);

    sim::Cloud& cloud() { return cloud_; }

  private:
    struct Link;  // outlives the simulator in the completions of its calls
    struct HeldAnswer {
        MonoTime due{};
        Responder respond;
        HttpResponse response;
    };
    struct Poll {
        MonoTime due{};
        std::uint64_t after = 0;
        Responder respond;
    };

    void add_routes();
    void add_graph_routes();
    void add_control_routes();
    void answer_send(const HttpRequest& request, const PathArguments& path, Responder respond);
    void give(sim::GraphAnswer answer, Responder respond);  // now, or when its delay is over
    void shake(sim::Handshake handshake, Responder respond);
    void answer_events(const HttpRequest& request, Responder respond);
    void add_control(const char* method, const char* path,
                     std::function<Result<sim::Json>(const sim::Json&)> act);

    void wake();
    void run();
    MonoTime next_due(MonoTime now);
    void post_webhooks(std::vector<sim::WebhookPost> posts);
    void finish_held(MonoTime now);
    void finish_polls(MonoTime now);
    // Verifies a webhook URL as Meta does. `done` gets the outcome, and why it is no verification; empty: it is one.
    void challenge(const std::string& url, const std::string& token,
                   UniqueFunction<void(const HttpOutcome&, std::string)> done);
    void verify_webhook();
    void verified(const HttpOutcome& outcome, const std::string& problem);
    void call(HttpCall request, Completion<HttpOutcome> done);

    SimulatorOptions options_;
    const Clock& clock_;
    Random& random_;
    HttpClient& http_;
    sim::Cloud cloud_;
    Router router_;
    std::unique_ptr<HttpServer> server_;
    std::shared_ptr<Link> link_;

    std::mutex mutex_;  // of what follows
    std::condition_variable wake_;
    bool woken_ = false;
    bool stopping_ = false;
    std::vector<HeldAnswer> held_;
    std::vector<Poll> polls_;
    std::optional<MonoTime> next_verification_;
    unsigned verifications_ = 0;
    std::thread thread_;
};

}  // namespace parley
