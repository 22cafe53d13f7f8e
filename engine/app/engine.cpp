#include "app/engine.hpp"

#include <thread>

#include <unistd.h>

#include "admin/api_document.hpp"
#include "admin/console_page.hpp"
#include "app/engine_parts.hpp"
#include "app/stored_message.hpp"
#include "app/tls_setup.hpp"
#include "base/log.hpp"
#include "core/message_log.hpp"
#include "store/sqlite_store.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley {
namespace {

constexpr unsigned blocking_workers = 2;
constexpr unsigned accounts_at_once = 4;
constexpr std::size_t worker_queue = 1024;
constexpr unsigned graph_connections = 512;
constexpr Millis drain_check{20};
constexpr Millis doubt_check{50};

HttpServerOptions server_options(const Config& config, const EngineEnvironment& environment,
                                 Metrics& metrics) {
    HttpServerOptions options;
    options.listen = config.server.listen;
    options.threads = config.server.threads > 0 ? config.server.threads
                                                : std::max(1U, std::thread::hardware_concurrency() / 2);
    options.max_body = config.server.max_body;
    options.max_buffered = config.server.max_buffered;
    options.metrics = &metrics;
    options.random = &environment.random;
    return options;
}

// Of networks that the loader has read before.
Networks networks(const std::vector<std::string>& texts) {
    auto read = Networks::parse(texts);
    return read ? *std::move(read) : Networks{};
}

}  // namespace

GraphOptions graph_options(const Config& config) {
    return {.graph_url = config.whatsapp.graph_url, .api_version = config.whatsapp.api_version};
}

WebhookOptions webhook_options(const Config& config) {
    WebhookOptions options;
    options.gate.trusted_proxies = networks(config.server.trusted_proxies);
    if (!config.server.tls.client_ca.empty()) options.gate.client_name = config.server.tls.client_name;
    options.gate.rate_limit = config.whatsapp.rate_limit;
    options.gate.allowed_networks = networks(config.whatsapp.allowed_networks);
    for (const AppConfig& app : config.whatsapp.apps) {
        WebhookApp known{app.id, app.app_secrets, {}};
        if (!app.verify_token.empty()) known.verify_tokens.push_back(app.verify_token);
        options.apps.push_back(std::move(known));
    }
    options.allow_unsigned = config.whatsapp.allow_unsigned;
    options.reply_in_response = config.webhook.reply_in_response;
    options.retention = std::chrono::duration_cast<std::chrono::hours>(config.store.retention);
    return options;
}

std::vector<ApiKey> api_keys(const AdminConfig& admin) {
    std::vector<ApiKey> keys{{"api_key", admin.api_key, {ApiScope::admin}}};
    for (const AdminKeyConfig& one : admin.keys) {
        ApiKey key{one.name, one.key, {}};
        for (const std::string& scope : one.scopes)
            key.scopes.push_back(scope == "read"   ? ApiScope::read
                                 : scope == "send" ? ApiScope::send
                                                   : ApiScope::admin);
        keys.push_back(std::move(key));
    }
    return keys;
}

Result<> Engine::Parts::open_store() {
    const std::filesystem::path database = database_file(config);
    const std::filesystem::path state = state_directory(config);
    std::error_code failed;
    std::filesystem::create_directories(database.parent_path(), failed);
    std::filesystem::create_directories(state, failed);
    if (failed) return Error{Errc::unavailable, state.string() + ": " + failed.message()};

    SqliteOptions options;
    options.path = database.string();
    options.group_commit = config.store.group_commit;
    options.oldest_kept = environment.clock.wall() - config.store.retention;
    options.metrics = &metrics;
    for (const DeploymentConfig& one : config.deployments)
        options.serves.push_back({one.deployment.channel, one.deployment.app});
    auto opened = open_sqlite_store(options, environment.clock);
    if (!opened) return opened.error();
    key_values = opened->get();
    history = &(*opened)->history();
    eraser = opened->get();
    account_store = opened->get();
    records = opened->get();
    store = std::move(*opened);

    // Only whoever holds the store may read what its last engine left in these files.
    auto log_of_calls = open_inflight_file((state / (database.filename().string() + ".inflight")).string());
    if (!log_of_calls) return log_of_calls.error();
    inflight = std::move(log_of_calls->log);
    doubts = std::move(log_of_calls->doubts);
    auto observer = CrashObserver::open(state / (database.filename().string() + ".crashes"));
    if (!observer) return observer.error();
    crashes = std::move(*observer);
    for (const ItemSeq seq : crashes->blamed()) {
        log_error("the last engine crashed in an agent", {{"message", message_name(seq)}});
        if (auto counted = store->count_crash(seq); !counted) return counted.error();
    }
    return {};
}

void Engine::Parts::make_movers() {
    workers = std::make_unique<WorkerPool>(blocking_workers, worker_queue);
    account_turns = std::make_unique<KeyedWorkers>(accounts_at_once, worker_queue);
    http = std::make_unique<CurlClient>(CurlOptions{.max_connections_per_host = graph_connections});
    account_calls = std::make_unique<CancellableCalls>(*http);
    graph = std::make_unique<GraphClient>(graph_options(config), *http, environment.clock, metrics);
    pump = std::make_unique<OutboxPump>(
        OutboxOptions{}, OutboxPump::Ports{*store, *graph, *inflight, accounts, environment.clock,
                                           environment.random, metrics, timers});
    turn_watch = std::make_unique<TurnWatch>(RecordLogOptions{.folder = records_folder(config)},
                                             record_plans(config), environment.clock, metrics);
    dispatcher = std::make_unique<Dispatcher>(
        DispatcherOptions{},
        Dispatcher::Ports{*store, *pump, *graph, environment.clock, environment.random, metrics, timers,
                          &to_messages, [this](WallTime due) { followups->committed(due); },
                          turn_watch.get()});
    intake = std::make_unique<Intake>(
        IntakeOptions{}, std::move(doubts), *dispatcher, *pump, *store,
        [this](OpenMessage open) { return to_queued(std::move(open), accounts, *store); }, *workers, timers);
    followups = std::make_unique<Followups>(
        Followups::Ports{*store, *intake, accounts, environment.clock, timers,
                         [this](OpenMessage open) { return to_queued(std::move(open), accounts, *store); }});
}

Result<> Engine::Parts::open_media() {
    graph_media = std::make_unique<GraphMedia>(graph_options(config), *http);
    // Named after the database, as everything that engines must not share.
    const std::filesystem::path folder =
        state_directory(config) / (database_file(config).filename().string() + ".media");
    media_cache = std::make_unique<MediaCache>(
        MediaCacheOptions{.folder = folder, .most_bytes = config.media.cache_size}, environment.clock);
    if (auto opened = media_cache->open(); !opened) return opened.error();
    media = std::make_unique<GraphMediaLibrary>(
        MediaLibraryOptions{.most_file = config.media.max_file},
        GraphMediaLibrary::Ports{*graph_media, *media_cache, accounts, *workers, metrics});
    return {};
}

std::string Engine::Parts::not_ready() const {
    if (draining) return "the engine is draining";
    if (!store->is_writable()) return "the store cannot be written";
    return {};
}

void Engine::Parts::add_routes() {
    refused_posts.use(refused_options(config.webhook));
    endpoint = std::make_unique<WebhookEndpoint>(webhook_options(config), *store, *intake, refused_posts,
                                                 accounts, environment.clock, *workers, metrics);
    if (firestore && firestore->log() != nullptr) endpoint->log_to(*firestore->log());
    endpoint->add_routes(router);
    proxy = std::make_unique<GraphProxy>(
        GraphProxy::Options{.calls = {graph_options(config), config.media.max_file, has_tls(config)}},
        GraphProxy::Ports{*store, *pump, *http, *graph_media, accounts, environment.clock, environment.random,
                          timers});
    proxy->add_routes(router);
    gate = std::make_unique<ApiGate>(ApiGateOptions{api_keys(config.admin), config.admin.allow_anonymous});
    shown = std::make_unique<EngineView>(
        EngineView{PARLEY_VERSION, ::getpid(), environment.clock.wall(), environment.clock, accounts, *store,
                   metrics, [this] { return not_ready(); }, [this] { return dispatcher->size(); },
                   [this] { return pump->size(); }, [this] { return roster->all(); },
                   [this](const DeploymentId& id) { return seen(id); },
                   [this](const PhoneNumberId& channel) { return pump->trouble(channel); }});
    ops = std::make_unique<OpsApi>(*shown, *gate, *workers);
    ops->add_routes(router);
    config_api = std::make_unique<ConfigApi>([this] { return reload(); }, *gate, *workers);
    config_api->add_routes(router);
    agent_api = std::make_unique<AgentApi>([this](const DeploymentId& id, SwapTo to) { return swap(id, to); },
                                           *gate, *workers);
    agent_api->add_routes(router);
    add_history();
    add_account_routes();
    add_document_route(router);
    add_console_routes(router, console_files());
}

ReloadReport Engine::Parts::reload() {
    if (!draining) return reloader->reload();
    ReloadReport report;
    report.refused = "the engine is draining";
    return report;
}

// What a restart of the machine left in doubt stays so until it is durably held.
MonoTime Engine::Parts::settle_doubts(MonoTime now) {
    if (doubts_settled) return MonoTime::max();
    if (!intake->has_recovered_outbox() || pump->unrecorded() > 0) return now + doubt_check;
    inflight->doubts_recorded();
    doubts_settled = true;
    return MonoTime::max();
}

Result<> Engine::Parts::listen() {
    timers.add([this](MonoTime now) { return pump->step(now); });
    timers.add([this](MonoTime now) { return dispatcher->step(now); });
    timers.add([this](MonoTime now) { return intake->step(now); });
    timers.add([this](MonoTime now) { return followups->step(now); });
    timers.add([this](MonoTime now) { return endpoint->step(now); });
    timers.add([this](MonoTime now) { return proxy->step(now); });
    timers.add([this](MonoTime now) { return settle_doubts(now); });
    timers.add([this](MonoTime now) { return trials->step(now); });
    timers.add([this](MonoTime now) { return turn_watch->shadows().step(now); });
    timers.add([this](MonoTime now) { return kept->step(now); });
    timers.add([this](MonoTime now) { return send_api->step(now); });
    timers.add([this](MonoTime now) { return account_removal->step(now); });
    auto options = server_options(config, environment, metrics);
    auto tls = make_tls(config);
    if (!tls) return tls.error();
    options.tls = *tls;
    ConfigReloader::Hooks hooks{environment.load,
                                [this](const Config& next, const auto& which, auto& mistakes) {
                                    return start_fresh(next, which, mistakes);
                                },
                                [this](ConfigReloader::Changed changed) { apply(std::move(changed)); },
                                [this](Config& next) { return account_book->add_to(next); },
                                [this](const auto& id, const auto& why) { set_aside(id, why); }};
    reloader = std::make_unique<ConfigReloader>(config, *tls, std::move(hooks), metrics);
    watcher = std::make_unique<AgentWatcher>(
        [this] { return watched(); },
        [this](const DeploymentId& id) {
            const auto done = swap(id, SwapTo::newest);
            if (!done)
                log_error("agent not replaced",
                          {{"deployment", id.str()}, {"reason", done.error().message()}});
        });
    if (config.agents.watch) {
        watcher->look();  // changes count from here
        timers.add([this](MonoTime now) { return watch_agents(now); });
    }
    server = std::make_unique<HttpServer>(std::move(options),
                                          [this](const HttpRequest& request, Responder respond) {
                                              router.handle(request, std::move(respond));
                                          });
    server->trust_proxies(networks(config.server.trusted_proxies));
    if (auto started = server->start(); !started) return started.error();
    timers.start();
    return {};
}

Result<std::unique_ptr<Engine>> Engine::start(Config config, EngineEnvironment environment) {
    std::unique_ptr<Engine> engine(
        new Engine(std::make_unique<Parts>(std::move(config), std::move(environment))));
    Parts& parts = *engine->parts_;
    if (auto opened = parts.open_store(); !opened) return opened.error();
    if (auto opened = parts.open_accounts(); !opened) return opened.error();
    parts.make_movers();
    parts.make_accounts();
    if (auto opened = parts.open_media(); !opened) return opened.error();
    if (auto started = parts.start_agents(); !started) return started.error();
    parts.add_routes();
    if (auto listening = parts.listen(); !listening) return listening.error();
    parts.go_on_with_accounts();
    return engine;
}

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() {
    stop(Millis{0});
    if (is_stuck()) (void)parts_.release();  // a thread is still inside an agent and may come back to them
}

bool Engine::is_stuck() const {
    return parts_->is_stuck;
}

std::uint16_t Engine::port() const {
    return parts_->server->port();
}

std::string Engine::url() const {
    std::string host = parts_->config.server.listen.substr(0, parts_->config.server.listen.rfind(':'));
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "[::]") host = "[::1]";
    return (has_tls(parts_->config) ? "https://" : "http://") + host + ":" + std::to_string(port());
}

std::vector<std::string> Engine::routes() const {
    std::vector<std::string> names;
    for (const Router::Route& route : parts_->router.routes())
        names.push_back(route.method + ' ' + route.pattern);
    return names;
}

ReloadReport Engine::reload() {
    return parts_->reload();
}

void Engine::hurry() {
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->in_a_hurry = true;
    }
    parts_->hurried.notify_all();
    if (parts_->roster) parts_->roster->hurry();
}

bool Engine::stop(Millis limit) {
    Parts& p = *parts_;
    if (std::exchange(p.stopped, true)) return true;
    p.draining = true;
    if (p.server) p.server->stop_accepting();
    const MonoTime end = p.environment.clock.mono() + limit;
    bool clean = true;
    if (p.dispatcher) {
        p.dispatcher->stop_starting();
        std::unique_lock lock(p.mutex);
        // What has begun may end: turns, then the calls for their replies.
        while (p.dispatcher->open_turns() + p.pump->in_flight() > 0 && !p.in_a_hurry &&
               p.environment.clock.mono() < end)
            p.hurried.wait_for(lock, drain_check);
        lock.unlock();
        p.pump->stop_sending();
        clean = p.dispatcher->open_turns() + p.pump->in_flight() == 0;
    }
    if (p.account_calls) p.account_calls->end();
    if (p.server) p.server->stop();
    p.timers.stop();
    const auto left = std::chrono::duration_cast<Millis>(end - p.environment.clock.mono());
    if (p.roster && !p.roster->shutdown(std::max(left, Millis{0}))) {
        p.is_stuck = true;
        return false;
    }
    if (p.firestore) p.firestore->hurry();
    if (p.workers)
        p.workers->stop();  // before the client: their jobs may start calls, and take an account's turn
    if (p.account_turns) p.account_turns->stop();
    p.http.reset();   // its open calls end now, as unknown, and are recorded
    p.store.reset();  // commits what is queued
    if (p.firestore) p.firestore->stop();
    return clean;
}

}  // namespace parley
