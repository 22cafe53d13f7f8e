// What the configuration file says, as plain values with their defaults. config_loader fills it; the wiring
// turns it into the Options of the modules. config_table.cpp names every key and the member it fills.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/deployment_config.hpp"
#include "app/diagnostic.hpp"
#include "app/firestore_config.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"

namespace parley {

// HTTPS, when a certificate is named. Paths as written.
struct TlsConfig {
    std::string certificate;
    std::string private_key;
    std::string client_ca;  // empty: webhooks need no client certificate
    std::string client_name = "client.webhooks.fbclientcerts.com";
};

struct ServerConfig {
    std::string listen = "127.0.0.1:8000";
    unsigned threads = 0;                      // 0: auto
    std::size_t max_body = 4U << 20;           // bytes
    std::size_t max_buffered = 32U << 20;      // bytes
    std::vector<std::string> trusted_proxies;  // networks
    bool core_dumps = false;
    TlsConfig tls;
};

// A further key of /api/*.
struct AdminKeyConfig {
    std::string name;
    Position at;  // of its name in the file
    Secret key;
    std::vector<std::string> scopes;  // read, send, admin
};

struct AdminConfig {
    Secret api_key;                    // opens everything
    std::vector<AdminKeyConfig> keys;  // no key at all: /api/* answers 403
    bool allow_anonymous = false;
};

// A Meta app: whose signature counts. Several secrets while one is being rotated.
struct AppConfig {
    AppId id;
    Position at;  // of its name in the file
    std::string app_id;
    std::vector<Secret> app_secrets;
    Secret verify_token;
};

struct WhatsappConfig {
    std::string graph_url = "https://graph.facebook.com";
    std::string api_version = "v25.0";
    AppConfig default_app{AppId{"default"}, {}, {}, {}, {}};  // whatsapp.app_id, app_secret, verify_token
    // Every app, once loaded: the default one when it has a secret or a verify token, then those of
    // whatsapp.apps, then those that deployments brought themselves (named "deployment:NAME"). No two share a
    // secret.
    std::vector<AppConfig> apps;
    bool allow_unsigned = false;
    std::vector<std::string> allowed_networks;  // empty: any
    double rate_limit = 0;                      // a second; 0: off
    // Of accounts created by the API that bring none of their own.
    std::string waba_id;
    Secret access_token;
    std::string webhook_base_url;  // of this engine, as Meta reaches it
};

// Accounts created by the API.
struct AccountsConfig {
    enum class Store { sqlite, firestore };
    Store store = Store::sqlite;
    FirestoreConfig firestore;
    std::vector<Secret> keys;  // none: no account can be created
    std::string files;         // as written; empty: their settings may name no files
    bool allow_private_networks = false;
};

struct WebhookConfig {
    enum class Bodies { full, redacted, none };

    bool reply_in_response = false;
    unsigned log_refused = 1000;
    Bodies log_bodies = Bodies::full;
};

struct LogConfig {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
};

struct StoreConfig {
    std::string url = "sqlite:var/parley.db";
    Millis group_commit{2};
    Millis retention{30LL * 24 * 3600 * 1000};
};

struct MediaConfig {
    std::size_t cache_size = 1U << 30;  // bytes
    std::size_t max_file = 100U << 20;  // bytes
};

struct AgentsConfig {
    std::vector<std::string> path;  // as written; see agent_search_path()
    Millis drain_timeout{30'000};
    bool watch = false;
    unsigned max_pinned = 8;
};

struct Config {
    std::string file;                // as it was named
    std::filesystem::path base_dir;  // its folder; relative paths start here
    ServerConfig server;
    AdminConfig admin;
    WhatsappConfig whatsapp;
    WebhookConfig webhook;
    LogConfig log;
    StoreConfig store;
    std::string state_dir;  // empty: the folder of the database
    MediaConfig media;
    AgentsConfig agents;
    AccountsConfig accounts;
    std::vector<DeploymentConfig> deployments;  // in the order of the file
};

// A path of the configuration, absolute or from its folder.
std::filesystem::path resolve(const Config& config, std::string_view path);

std::filesystem::path database_file(const Config& config);  // of a sqlite: url
std::filesystem::path state_directory(const Config& config);

// Where agents are looked for, in order. Without agents.path: ../lib/parley/agents beside the program.
std::vector<std::filesystem::path> agent_search_path(const Config& config,
                                                     const std::filesystem::path& executable);

// Whether `agent:` names a file rather than an id: it has a slash or ends in .so.
bool is_agent_path(std::string_view agent);

}  // namespace parley
