// Connects the pretended cloud to the server, the client and the thread that steps it.
#include "simulator/simulator.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/backoff.hpp"
#include "base/log.hpp"
#include "base/thread_name.hpp"

namespace parley {
namespace {

constexpr std::size_t max_upload = 101U << 20;  // of a form with a document of 100 MiB
constexpr std::size_t max_reason = 200;         // bytes of a refusal's body that are shown

sim::PostResult result_of(const HttpOutcome& outcome) {
    if (!outcome.reply) return {0, outcome.failure.reason};
    if (outcome.reply->status == 200) return {200, ""};
    return {outcome.reply->status, outcome.reply->body.substr(0, max_reason)};
}

}  // namespace

struct Simulator::Link {
    std::mutex mutex;
    Simulator* simulator = nullptr;  // null once it stopped
    std::set<HttpCallId> open;
};

Simulator::Simulator(SimulatorOptions options, const Clock& clock, Random& random, HttpClient& http)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      http_(http),
      cloud_({options_.webhook_url, options_.app_secret, options_.numbers, options_.behaviour}, clock,
             random),
      link_(std::make_shared<Link>()) {
    cloud_.on_work([this] { wake(); });
    add_routes();
    HttpServerOptions server;
    server.listen = options_.listen;
    server.threads = options_.threads;
    server.max_body = max_upload;
    server.max_buffered = 4 * max_upload;
    server_ = std::make_unique<HttpServer>(server, [this](const HttpRequest& request, Responder respond) {
        router_.handle(request, std::move(respond));
    });
}

Simulator::~Simulator() {
    stop();
}

Result<> Simulator::start() {
    if (auto started = server_->start(); !started) return started;
    cloud_.serves_media_at(url());
    {
        const std::lock_guard lock(link_->mutex);
        link_->simulator = this;
    }
    if (!options_.verify_token.empty() && !options_.webhook_url.empty()) {
        cloud_.verification("waiting", "");
        const std::lock_guard lock(mutex_);
        next_verification_ = clock_.mono();
    }
    if (options_.own_thread) thread_ = std::thread([this] { run(); });
    return {};
}

std::uint16_t Simulator::port() const {
    return server_->port();
}

std::string Simulator::url() const {
    const std::string host = options_.listen.substr(0, options_.listen.rfind(':'));
    return "http://" + host + ':' + std::to_string(port());
}

void Simulator::stop() {
    std::set<HttpCallId> open;
    {
        const std::lock_guard lock(link_->mutex);
        link_->simulator = nullptr;
        open.swap(link_->open);
    }
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    for (const HttpCallId id : open) http_.cancel(id);
    server_->stop();
    const std::lock_guard lock(mutex_);
    held_.clear();
    polls_.clear();
}

void Simulator::wake() {
    const std::lock_guard lock(mutex_);
    if (woken_) return;
    woken_ = true;
    wake_.notify_one();
}

void Simulator::run() {
    name_this_thread("simulator");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        woken_ = false;
        lock.unlock();
        step(clock_.mono());
        const MonoTime until = next_due(clock_.mono());
        lock.lock();
        wake_.wait_until(lock, until, [&] { return woken_ || stopping_; });
    }
}

MonoTime Simulator::next_due(MonoTime now) {
    MonoTime due = now + std::chrono::seconds(5);
    if (const auto cloud = cloud_.next_due()) due = std::min(due, *cloud);
    const std::lock_guard lock(mutex_);
    if (next_verification_) due = std::min(due, *next_verification_);
    for (const HeldAnswer& held : held_) due = std::min(due, held.due);
    for (const Poll& poll : polls_) due = std::min(due, poll.due);
    return due;
}

void Simulator::step(MonoTime now) {
    bool verify = false;
    {
        const std::lock_guard lock(mutex_);
        if (next_verification_ && *next_verification_ <= now) {
            next_verification_.reset();
            verify = true;
        }
    }
    if (verify) verify_webhook();
    post_webhooks(cloud_.step(now));
    finish_held(now);
    finish_polls(now);
}

void Simulator::call(HttpCall request, Completion<HttpOutcome> done) {
    auto shared = std::make_shared<Completion<HttpOutcome>>(std::move(done));
    auto id = std::make_shared<std::atomic<HttpCallId>>(0);
    const HttpCallId started =
        http_.start(std::move(request), [link = link_, shared, id](HttpOutcome outcome) {
            const std::lock_guard lock(link->mutex);
            link->open.erase(id->exchange(HttpCallId(-1)));
            if (link->simulator) (*shared)(std::move(outcome));
        });
    // The completion may have run already, or be running: then the call is not open any more.
    const std::lock_guard lock(link_->mutex);
    HttpCallId none = 0;
    if (id->compare_exchange_strong(none, started)) link_->open.insert(started);
}

void Simulator::post_webhooks(std::vector<sim::WebhookPost> posts) {
    for (sim::WebhookPost& post : posts) {
        HttpCall request;
        request.method = "POST";
        request.url = post.url.empty() ? options_.webhook_url : post.url;
        request.headers = {{"Content-Type", "application/json"},
                           {"X-Hub-Signature-256", post.signature},
                           {"User-Agent", "facebookexternalua"}};
        request.body = std::move(post.body);
        request.timeout = post.timeout;
        call(std::move(request),
             [this, id = post.id](HttpOutcome outcome) { cloud_.answered(id, result_of(outcome)); });
    }
}

void Simulator::finish_held(MonoTime now) {
    std::vector<HeldAnswer> due;
    {
        const std::lock_guard lock(mutex_);
        const auto ready =
            std::stable_partition(held_.begin(), held_.end(), [&](const auto& h) { return h.due > now; });
        std::move(ready, held_.end(), std::back_inserter(due));
        held_.erase(ready, held_.end());
    }
    for (HeldAnswer& held : due) held.respond(std::move(held.response));
}

void Simulator::finish_polls(MonoTime now) {
    const std::uint64_t revision = cloud_.revision();
    std::vector<Poll> due;
    {
        const std::lock_guard lock(mutex_);
        const auto waits = [&](const Poll& poll) { return poll.due > now && poll.after == revision; };
        const auto ready = std::stable_partition(polls_.begin(), polls_.end(), waits);
        std::move(ready, polls_.end(), std::back_inserter(due));
        polls_.erase(ready, polls_.end());
    }
    for (Poll& poll : due)
        poll.respond(HttpResponse::json(200, sim::to_text(cloud_.changes_after(poll.after))));
}

void Simulator::challenge(const std::string& url, const std::string& token,
                          UniqueFunction<void(const HttpOutcome&, std::string)> done) {
    std::array<unsigned char, 8> bytes{};
    random_.fill(bytes);
    std::string digits;
    for (const unsigned char byte : bytes) digits += std::to_string(byte);
    HttpCall request;
    const char joint = url.find('?') == std::string::npos ? '?' : '&';
    request.url = url + joint + "hub.mode=subscribe&hub.challenge=" + digits +
                  "&hub.verify_token=" + percent_encode(token);
    request.timeout = Millis{5000};
    call(std::move(request), [digits, done = std::move(done)](HttpOutcome outcome) mutable {
        std::string problem;
        if (!outcome.reply)
            problem = outcome.failure.reason;
        else if (outcome.reply->status != 200)
            problem = "answered " + std::to_string(outcome.reply->status) + ": is the verify token the same?";
        else if (outcome.reply->body != digits)
            problem = "answered 200, but not with the challenge alone";
        done(outcome, std::move(problem));
    });
}

void Simulator::shake(sim::Handshake handshake, Responder respond) {
    const std::string url = handshake.url;
    const std::string token = handshake.verify_token;
    challenge(
        url, token,
        [this, handshake = std::move(handshake), respond = std::move(respond)](
            const HttpOutcome&, std::string problem) mutable { respond(cloud_.shaken(handshake, problem)); });
}

void Simulator::verify_webhook() {
    challenge(options_.webhook_url, options_.verify_token,
              [this](const HttpOutcome& outcome, std::string problem) { verified(outcome, problem); });
}

void Simulator::verified(const HttpOutcome& outcome, const std::string& problem) {
    if (problem.empty()) {
        log_info("webhook verified", {{"url", options_.webhook_url}});
        cloud_.verification("verified", "");
    } else {
        cloud_.verification(outcome.reply ? "refused" : "waiting", problem);
        const std::lock_guard lock(mutex_);
        if (++verifications_ == 1 || outcome.reply) {
            log_warning("webhook not verified", {{"url", options_.webhook_url}, {"reason", problem}});
        }
        const Backoff backoff{Millis{300}, Millis{20'000}, 2.0};
        next_verification_ = clock_.mono() + backoff.delay(verifications_, random_);
    }
    wake();
}

}  // namespace parley
