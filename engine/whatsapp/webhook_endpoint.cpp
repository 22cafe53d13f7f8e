#include "whatsapp/webhook_endpoint.hpp"

#include <map>
#include <span>
#include <utility>

#include "core/message_log.hpp"
#include "whatsapp/canonical_message.hpp"
#include "whatsapp/item_event.hpp"
#include "whatsapp/local_trial.hpp"
#include "whatsapp/signature.hpp"
#include "whatsapp/webhook_verification.hpp"

namespace parley {

namespace {

void log_arrival(const HttpRequest& request, const QueuedMessage& message) {
    if (!log_enabled(LogLevel::debug)) return;
    log_debug("message arrived", {{"request_id", request.request_id()},
                                  {"deployment", message.deployment->id.str()},
                                  {"message", message_name(message.seq)},
                                  {"wamid", message.message.id.str()},
                                  {"conversation", to_int(message.conversation)},
                                  {"trace", to_text(message.trace_id)}});
}

}  // namespace

// Of one app, or of all.
struct WebhookEndpoint::Keys {
    explicit Keys(const std::vector<WebhookApp>& apps) : signatures(secrets_of(apps)) {
        for (const WebhookApp& app : apps) {
            verify_tokens.insert(verify_tokens.end(), app.verify_tokens.begin(), app.verify_tokens.end());
        }
    }
    static std::vector<AppSecrets> secrets_of(const std::vector<WebhookApp>& apps) {
        std::vector<AppSecrets> secrets;
        for (const WebhookApp& app : apps) secrets.push_back({app.id, app.secrets});
        return secrets;
    }

    SignatureVerifier signatures;
    std::vector<Secret> verify_tokens;
};

struct WebhookEndpoint::Door {
    explicit Door(WebhookOptions given) : options(std::move(given)), all(options.apps), none({}) {
        for (const WebhookApp& app : options.apps) by_app.try_emplace(app.id, std::vector<WebhookApp>{app});
    }

    // A route of one deployment takes its app's keys only.
    const Keys& keys_for(const DeploymentPtr& only) const {
        if (!only) return all;
        const auto found = by_app.find(only->app);
        return found == by_app.end() ? none : found->second;
    }

    WebhookOptions options;
    Keys all;
    Keys none;
    std::map<AppId, Keys> by_app;
};

struct WebhookEndpoint::Post {
    struct Kept {  // what must be known of an item while the store has it
        ItemKind kind;
        bool is_routed;
        bool is_copy = false;  // for a further agent; counted once
    };
    struct Waiting {
        std::size_t index;  // among the kept items
        QueuedMessage message;
    };

    Post(std::shared_ptr<const Door> d, const HttpRequest& q, std::string c, Responder r, const Clock& clock)
        : door(std::move(d)),
          request(&q),
          client(std::move(c)),
          respond(std::move(r)),
          begun(clock.mono()),
          received_at(clock.wall()) {}

    std::shared_ptr<const Door> door;
    const HttpRequest* request;  // until it is answered
    std::string client;          // its address
    Responder respond;
    MonoTime begun;
    WallTime received_at;
    Sealing sealing;
    ItemCounts counts;
    std::vector<Kept> kept;
    std::vector<Waiting> waiting;
    std::vector<TrialMessage> trial_messages;  // by index; with reply_in_response only
    std::vector<LoggedItem> logged;            // by index; with a log only
    bool is_logged = false;
};

WebhookEndpoint::WebhookEndpoint(WebhookOptions options, MessageStore& store, InboundSink& sink,
                                 RefusedPosts& refused, const AccountRegistry& accounts, const Clock& clock,
                                 WorkerPool& workers, Metrics& metrics)
    : store_(store),
      sink_(sink),
      refused_(refused),
      accounts_(accounts),
      clock_(clock),
      trials_(store, sink, workers),
      meters_(metrics),
      gate_(metrics),
      door_(std::make_shared<Door>(std::move(options))) {}

WebhookEndpoint::~WebhookEndpoint() = default;

void WebhookEndpoint::add_routes(Router& router) {
    using Action = void (WebhookEndpoint::*)(const HttpRequest&, const DeploymentPtr&, Responder);
    const auto for_all = [this](Action action) {
        return [this, action](const HttpRequest& request, const PathArguments&, Responder respond) {
            (this->*action)(request, nullptr, std::move(respond));
        };
    };
    const auto for_one = [this](Action action) {
        return [this, action](const HttpRequest& request, const PathArguments& arguments, Responder respond) {
            const DeploymentPtr only = accounts_.by_id(DeploymentId(arguments.at(0)));
            if (!only) return unknown_deployment(request, std::move(respond));
            (this->*action)(request, only, std::move(respond));
        };
    };
    for (const char* path : {"/webhook", "/api/webhook/whatsapp"}) {
        router.add("POST", path, for_all(&WebhookEndpoint::receive));
        router.add("GET", path, for_all(&WebhookEndpoint::verify));
    }
    router.add("POST", "/webhook/{deployment}", for_one(&WebhookEndpoint::receive));
    router.add("GET", "/webhook/{deployment}", for_one(&WebhookEndpoint::verify));
}

void WebhookEndpoint::reconfigure(WebhookOptions options) {
    auto next = std::make_shared<const Door>(std::move(options));
    const std::lock_guard lock(mutex_);
    door_ = std::move(next);
}

std::shared_ptr<const WebhookEndpoint::Door> WebhookEndpoint::door() const {
    const std::lock_guard lock(mutex_);
    return door_;
}

MonoTime WebhookEndpoint::step(MonoTime now) {
    // A wait that begins after this call ends no sooner than a whole reply_wait from now.
    return std::min(trials_.step(now), now + door()->options.reply_wait);
}

void WebhookEndpoint::verify(const HttpRequest& request, const DeploymentPtr& only, Responder respond) {
    const auto current = door();
    const WebhookGateOptions& gate = current->options.gate;
    const std::string client = client_address(request, gate.trusted_proxies);
    if (turn_away(gate, request, client, respond)) return;
    HttpResponse answer = answer_verification(request.query(), current->keys_for(only).verify_tokens);
    log_info("webhook verification",
             {{"request_id", request.request_id()}, {"peer", client}, {"status", answer.status}});
    respond(std::move(answer));
}

// Whoever may not come in learns no names.
void WebhookEndpoint::unknown_deployment(const HttpRequest& request, Responder respond) {
    const auto current = door();
    const WebhookGateOptions& gate = current->options.gate;
    if (turn_away(gate, request, client_address(request, gate.trusted_proxies), respond)) return;
    respond(problem(404, "Not Found", "there is no deployment of this name"));
}

bool WebhookEndpoint::turn_away(const WebhookGateOptions& options, const HttpRequest& request,
                                const std::string& client, Responder& respond) {
    auto refusal = gate_.refusal(options, request, client, clock_.mono());
    if (!refusal) return false;
    log_refusal(request, client, refusal->why);
    if (request.method() == "POST")
        note_refusal(clock_.wall(), client, request.body(), refusal->response.status, refusal->why);
    respond(std::move(refusal->response));
    return true;
}

void WebhookEndpoint::receive(const HttpRequest& request, const DeploymentPtr& only, Responder respond) {
    auto current = door();
    const WebhookGateOptions& gate = current->options.gate;
    std::string client = client_address(request, gate.trusted_proxies);
    if (turn_away(gate, request, client, respond)) return;
    Post post(std::move(current), request, std::move(client), std::move(respond), clock_);
    const std::string_view signature = request.header("X-Hub-Signature-256");
    post.is_logged = log_ != nullptr;
    post.sealing.only = only;
    post.sealing.apps = post.door->keys_for(only).signatures.verify(signature, request.body());
    post.sealing.is_signed = !post.sealing.apps.empty();
    if (post.sealing.is_signed) gate_.signed_well(post.door->options.gate, post.client, post.begun);
    if (!post.sealing.is_signed) {
        const bool is_trial =
            signature.empty() && post.door->options.allow_unsigned && is_local_trial(request);
        if (!is_trial) return refuse(post, request.body(), PostEnding::bad_signature, "signature mismatch");
    }

    auto parsed = parse_webhook(request.body(), post.received_at);
    if (!parsed && parsed.error().code() == Errc::unavailable) return finish(post, parsed.error());
    if (!parsed) return refuse(post, request.body(), PostEnding::invalid, parsed.error().message());

    InboundBatch batch = sort(std::move(*parsed), post);
    if (batch.items.empty()) {
        if (post.counts.of(ItemFate::refused) == 0) return finish(post, std::vector<StoredItem>());
        meters_.count(post.counts);
        return refuse(post, request.body(), PostEnding::refused,
                      "its numbers belong to another app or deployment");
    }
    batch.post.bytes = static_cast<std::uint32_t>(request.body().size());
    batch.post.peer = post.client;
    for (LoggedItem& one : post.logged) one.post = batch.post;
    store_.add_inbound(std::move(batch),
                       [this, post = std::move(post)](Result<std::vector<StoredItem>> stored) mutable {
                           finish(post, std::move(stored));
                       });
}

void WebhookEndpoint::refuse(Post& post, std::string_view body, PostEnding ending, std::string_view why) {
    meters_.ended(ending);
    note_refusal(post.received_at, post.client, body, ending == PostEnding::invalid ? 400 : 401, why);
    log_refusal(*post.request, post.client, why);
    // Who holds no secret of ours learns nothing more.
    post.respond(ending == PostEnding::invalid ? problem(400, "Bad Request", why)
                                               : problem(401, "Unauthorized", "signature mismatch"));
}

// Anyone can be refused as often as they like; the log must not pay for it.
void WebhookEndpoint::log_refusal(const HttpRequest& request, std::string_view client, std::string_view why) {
    std::int64_t unlogged = 0;
    {
        const std::lock_guard lock(mutex_);
        const MonoTime now = clock_.mono();
        if (now < next_refusal_line_) {
            ++refusals_unlogged_;
            return;
        }
        next_refusal_line_ = now + std::chrono::seconds(1);
        unlogged = std::exchange(refusals_unlogged_, 0);
    }
    log_info(
        "webhook refused",
        {{"request_id", request.request_id()}, {"peer", client}, {"reason", why}, {"unlogged", unlogged}});
}

// Drops what is refused, and prepares what an agent will see while the item is still here.
InboundBatch WebhookEndpoint::sort(WebhookBatch parsed, Post& post) const {
    const WebhookOptions& options = post.door->options;
    InboundBatch batch;
    batch.post.received_at = post.received_at;
    batch.lazy = true;
    if (post.sealing.is_signed) {
        batch.post.app = post.sealing.apps.front();
        batch.oldest_answerable = post.received_at - options.retention;
    }
    batch.items.reserve(parsed.items.size());
    post.kept.reserve(parsed.items.size());
    for (WebhookItem& item : parsed.items) {
        Routing routing = route_item(item, accounts_, post.sealing);
        if (routing.claim == Claim::refused) {
            post.counts.add(item.kind, ItemFate::refused);
            continue;
        }
        // Each agent that asks for a change of its whole account gets one of its own.
        if (routing.claim == Claim::routed && !routing.deployment)
            for (DeploymentPtr& listener : listeners(item, accounts_, post.sealing)) {
                WebhookItem copy = item;
                copy.channel = listener->channel;
                keep(std::move(copy), {Claim::routed, std::move(listener)}, post, batch);
                post.kept.back().is_copy = true;
            }
        keep(std::move(item), std::move(routing), post, batch);
    }
    return batch;
}

void WebhookEndpoint::keep(WebhookItem item, Routing routing, Post& post, InboundBatch& batch) {
    const bool is_routed = routing.claim == Claim::routed;
    if (post.is_logged)
        post.logged.push_back(
            {routing.deployment ? routing.deployment->id : DeploymentId{}, item, {}, false});
    const bool answerable = is_for_agent(item, routing.deployment.get());
    if (routing.deployment && answerable) {
        auto& message = post.waiting.emplace_back(Post::Waiting{batch.items.size(), {}}).message;
        message.canonical_json = to_canonical(item, *routing.deployment);
        message.deployment = std::move(routing.deployment);
        message.message = to_event(item);
        message.received_at = post.received_at;
    }
    if (post.door->options.reply_in_response) {
        const bool is_asked = answerable && item.message;
        post.trial_messages.push_back(
            {item.channel, MessageId(is_asked ? item.dedup_id : ""), item.timestamp});
    }
    if (item.kind == ItemKind::message) batch.lazy = false;
    post.kept.push_back({item.kind, is_routed});
    batch.items.push_back({std::move(item), is_routed, answerable});
}

void WebhookEndpoint::note_refusal(WallTime at, const std::string& client, std::string_view body, int status,
                                   std::string_view why) {
    RefusedPost post = refused_.note(at, client, body, status, why);
    if (log_ != nullptr) log_->refused(std::move(post));
}

// Repeated deliveries have been logged the first time.
void WebhookEndpoint::log_stored(Post& post, const std::vector<StoredItem>& stored) {
    std::vector<LoggedItem> logged;
    for (std::size_t i = 0; i < post.logged.size(); ++i) {
        if (stored[i].disposition == Disposition::duplicate) continue;
        post.logged[i].is_expired = stored[i].disposition == Disposition::expired;
        logged.push_back(std::move(post.logged[i]));
    }
    if (!logged.empty()) log_->accepted(std::move(logged));
}

void WebhookEndpoint::finish(Post& post, Result<std::vector<StoredItem>> stored) {
    if (!stored || stored->size() != post.kept.size()) {
        meters_.ended(PostEnding::unavailable);
        log_warning("webhook not stored",
                    {{"request_id", post.request->request_id()},
                     {"reason", stored ? "the store lost count" : stored.error().message()}});
        HttpResponse answer =
            problem(503, "Service Unavailable", "it cannot be stored now; deliver it again");
        answer.headers.emplace_back("Retry-After", std::to_string(post.door->options.retry_after.count()));
        return post.respond(std::move(answer));
    }
    for (std::size_t i = 0; i < stored->size(); ++i) {
        const StoredItem& item = (*stored)[i];
        const auto& kept = post.kept[i];
        const ItemFate fate = item.disposition == Disposition::duplicate ? ItemFate::duplicate
                              : !kept.is_routed                          ? ItemFate::unrouted
                              : item.disposition == Disposition::expired ? ItemFate::expired
                                                                         : ItemFate::accepted;
        if (!kept.is_copy) post.counts.add(kept.kind, fate);
        if (item.applied) sink_.settled(*item.applied);
    }
    if (post.is_logged) log_stored(post, *stored);
    std::vector<QueuedMessage> queued;
    queued.reserve(post.waiting.size());
    for (auto& waiting : post.waiting) {
        StoredItem& item = (*stored)[waiting.index];
        const bool is_status = waiting.message.message.kind == EventKind::status;
        if (item.disposition != Disposition::added || (is_status && !item.applied)) continue;
        if (is_status)
            add_names(waiting.message.canonical_json,
                      {item.applied->user_callback, item.applied->provisional_id});
        waiting.message.seq = item.seq;
        waiting.message.conversation = item.conversation;
        waiting.message.trace_id = item.trace_id;
        log_arrival(*post.request, waiting.message);
        if (item.state) waiting.message.state = std::move(*item.state);
        queued.push_back(std::move(waiting.message));
    }
    meters_.count(post.counts);
    meters_.ended(post.sealing.is_signed ? PostEnding::ok : PostEnding::trial);
    if (post.door->options.reply_in_response) return answer_trial(post, *stored, std::move(queued));
    if (!queued.empty()) sink_.arrived(std::move(queued));
    post.respond(HttpResponse::json(200, post.counts.json()));
    meters_.acknowledged(clock_.mono() - post.begun);
}

void WebhookEndpoint::answer_trial(Post& post, const std::vector<StoredItem>& stored,
                                   std::vector<QueuedMessage> queued) {
    std::vector<std::size_t> known;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const bool waits_for_answer = !post.trial_messages[i].id.empty();
        if (waits_for_answer && stored[i].disposition == Disposition::duplicate) known.push_back(i);
    }
    const auto wait = trials_.begin(post.counts.json(), queued.size() + known.size(),
                                    clock_.mono() + post.door->options.reply_wait, std::move(post.respond));
    std::size_t place = 0;
    for (QueuedMessage& message : queued) message.watcher = TrialReplies::watcher(wait, place++);
    if (!queued.empty()) sink_.arrived(std::move(queued));
    for (const std::size_t i : known) trials_.recall(wait, place++, std::move(post.trial_messages[i]));
}

}  // namespace parley
