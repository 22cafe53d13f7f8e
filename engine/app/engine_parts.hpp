// The parts of an engine and how they are wired; what engine.cpp builds and engine_agents.cpp changes while it runs.
#pragma once

#include <atomic>
#include <condition_variable>

#include "admin/account_api.hpp"
#include "admin/agent_api.hpp"
#include "admin/config_api.hpp"
#include "admin/dead_letter_api.hpp"
#include "admin/graph_pages.hpp"
#include "admin/history_api.hpp"
#include "admin/ops_api.hpp"
#include "admin/outbox_api.hpp"
#include "admin/send_api.hpp"
#include "admin/webhook_log_api.hpp"
#include "app/account_desk.hpp"
#include "app/account_graph.hpp"
#include "app/account_removal.hpp"
#include "app/agent_roster.hpp"
#include "app/agent_trials.hpp"
#include "app/agent_watcher.hpp"
#include "app/config_reloader.hpp"
#include "app/crash_observer.hpp"
#include "app/engine.hpp"
#include "app/firestore_setup.hpp"
#include "app/kept_delivery.hpp"
#include "app/turn_watch.hpp"
#include "base/worker_pool.hpp"
#include "core/intake.hpp"
#include "net/cancellable_calls.hpp"
#include "net/curl_client.hpp"
#include "store/inflight_file.hpp"
#include "whatsapp/graph_client.hpp"
#include "whatsapp/graph_media_library.hpp"
#include "whatsapp/graph_phone_setup.hpp"
#include "whatsapp/graph_proxy.hpp"
#include "whatsapp/webhook_endpoint.hpp"

namespace parley {

WebhookOptions webhook_options(const Config& config);
std::vector<ApiKey> api_keys(const AdminConfig& admin);
GraphOptions graph_options(const Config& config);
RefusedPostsOptions refused_options(const WebhookConfig& webhook);

// In the order of their making; stop() takes them down in reverse.
struct Engine::Parts {
    Parts(Config c, EngineEnvironment e)
        : config(std::move(c)), environment(std::move(e)), timers(environment.clock) {}

    Result<> open_store();
    Result<> open_accounts();
    void make_movers();
    void make_accounts();
    void add_account_routes();
    void go_on_with_accounts();
    void set_aside(const DeploymentId& account, const std::string& why);
    ReloadReport reload_accounts(const DeploymentId& asked);
    Result<> open_media();
    Result<> start_agents();
    void add_routes();
    void add_history();
    Result<ErasedPerson> erase(const ConversationRow& person);
    Result<> erase_stored(ConversationId conversation, Erased& all);
    Result<> erase_keys(const DeploymentId& deployment, const PersonNames& person, ErasedPerson& all);
    Result<> listen();
    MonoTime settle_doubts(MonoTime now);
    std::string not_ready() const;
    void make_trials();
    Result<BegunAgent> begin_agent(const DeploymentConfig& one);
    Result<BegunAgent> begin_next(const DeploymentConfig& one, bool is_asked, bool is_forced);
    Result<FreshAgent> begin_trial(const DeploymentConfig& one);
    void use(const DeploymentConfig& one, BegunAgent begun, std::set<std::string, std::less<>>& events);
    bool end_trial(const DeploymentId& id, const Agent* agent, bool keep, const std::string& why);
    Result<AgentSwap> end_trial_by_hand(const DeploymentId& id, bool keep);
    AgentView seen(const DeploymentId& id) const;
    BegunAgents start_fresh(const Config& next, const std::vector<DeploymentId>& which,
                            std::vector<ReloadReport::Mistake>& mistakes);
    void apply(ConfigReloader::Changed changed);
    void give(const DeploymentId& id, FreshAgent fresh);
    Result<AgentSwap> swap(const DeploymentId& id, SwapTo to);
    Result<AgentSwap> swap(const DeploymentConfig& one, SwapTo to);
    std::vector<AgentWatcher::Watched> watched();
    MonoTime watch_agents(MonoTime now);
    ReloadReport reload();

    Config config;  // as it was at the start, the accounts' deployments included
    EngineEnvironment environment;
    Metrics metrics;
    AccountRegistry accounts;
    TimerLoop timers;
    InflightDoubts doubts;
    std::unique_ptr<InflightFile> inflight;
    std::unique_ptr<CrashObserver> crashes;
    std::unique_ptr<MessageStore> store;
    KeyValueStore* key_values = nullptr;  // the same file
    MessageHistory* history = nullptr;    // the same
    PersonEraser* eraser = nullptr;       // the same
    RefusedPosts refused_posts;
    AccountStore* account_store = nullptr;  // the same, or Firestore's
    std::unique_ptr<FirestoreSide> firestore;
    NumberRecords* records = nullptr;
    std::unique_ptr<AccountBook> account_book;
    std::unique_ptr<WorkerPool> workers;
    std::unique_ptr<KeyedWorkers> account_turns;
    std::unique_ptr<CurlClient> http;
    std::unique_ptr<CancellableCalls> account_calls;  // what the API asks of Graph; stop() cuts them short
    std::unique_ptr<GraphClient> graph;
    std::unique_ptr<GraphMedia> graph_media;
    std::unique_ptr<MediaCache> media_cache;
    std::unique_ptr<GraphMediaLibrary> media;
    std::unique_ptr<TurnWatch> turn_watch;
    std::unique_ptr<OutboxPump> pump;
    std::unique_ptr<Dispatcher> dispatcher;
    std::unique_ptr<Intake> intake;
    std::unique_ptr<Followups> followups;
    std::unique_ptr<AgentRoster> roster;
    std::unique_ptr<AgentTrials> trials;
    std::unique_ptr<WebhookEndpoint> endpoint;
    std::unique_ptr<GraphProxy> proxy;
    std::unique_ptr<ApiGate> gate;
    std::unique_ptr<EngineView> shown;
    std::unique_ptr<OpsApi> ops;
    std::unique_ptr<DeadLetters> dead_letters;
    std::unique_ptr<OutboxDecisions> outbox_decisions;
    std::unique_ptr<HistoryApi> history_api;
    std::unique_ptr<WebhookLogApi> webhook_log_api;
    std::unique_ptr<DeadLetterApi> dead_letter_api;
    std::unique_ptr<OutboxApi> outbox_api;
    std::unique_ptr<ConfigReloader> reloader;
    std::unique_ptr<ConfigApi> config_api;
    std::unique_ptr<AgentApi> agent_api;
    std::unique_ptr<AgentWatcher> watcher;
    std::unique_ptr<KeptDelivery> kept;
    std::unique_ptr<GraphPhoneSetup> phone_setup;
    std::unique_ptr<AccountSetup> account_setup;
    std::unique_ptr<AccountRemoval> account_removal;
    std::unique_ptr<AccountDesk> account_desk;
    std::unique_ptr<AccountApi> account_api;
    std::unique_ptr<GraphOfAccounts> account_graph;
    std::unique_ptr<GraphPages> graph_pages;
    std::unique_ptr<SendApi> send_api;
    MonoTime next_look{};  // of the timer thread
    std::atomic<bool> looking{false};
    Router router;
    std::unique_ptr<HttpServer> server;

    std::atomic<bool> draining{false};
    bool doubts_settled = false;  // of the timer thread
    std::mutex mutex;
    std::condition_variable hurried;
    bool in_a_hurry = false;
    bool stopped = false;
    bool is_stuck = false;
};

}  // namespace parley
