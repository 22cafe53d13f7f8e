#include "app/config_table.hpp"

#include <array>

#include "app/scalars.hpp"

namespace parley {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t day = 24 * 60 * minute;
constexpr std::int64_t kib = 1 << 10;
constexpr std::int64_t gib = 1 << 30;

template <class Enum, Enum& (*Member)(const Target&)>
constexpr ChoiceSlot choice{[](Target& t, std::size_t i) { Member(t) = static_cast<Enum>(i); },
                            [](const Target& t) { return static_cast<std::size_t>(Member(t)); }};

LogLevel& log_level(const Target& t) {
    return t.config.log.level;
}
LogFormat& log_format(const Target& t) {
    return t.config.log.format;
}
IsolationConfig::Kind& isolation(const Target& t) {
    return t.deployment->isolation.kind;
}
AccountsConfig::Store& account_store(const Target& t) {
    return t.config.accounts.store;
}
WebhookConfig::Bodies& log_bodies(const Target& t) {
    return t.config.webhook.log_bodies;
}
UnknownSends::Then& then(const Target& t) {
    return t.deployment->deployment.unknown_sends.then;
}

using T = KeyType;

// clang-format off
#define PARLEY_CONFIG(member) [](Target& t) -> Slot { return &t.config.member; }
#define PARLEY_APP(member) [](Target& t) -> Slot { return &t.app->member; }
#define PARLEY_ADMIN_KEY(member) [](Target& t) -> Slot { return &t.admin_key->member; }
#define PARLEY_DEPLOYMENT(member) [](Target& t) -> Slot { return &t.deployment->member; }

const std::array keys{
    Key{.path = "server.listen", .type = T::host_port, .slot = PARLEY_CONFIG(server.listen), .example = "127.0.0.1:8000",
        .help = "Address and port of webhooks, API and pages; [::]:8000 for IPv6, port 0 for any free one."},
    Key{.path = "server.threads", .type = T::threads, .slot = PARLEY_CONFIG(server.threads), .example = "auto",
        .help = "Threads that read and answer HTTP; auto lets the engine choose.", .least = 1, .most = 256},
    Key{.path = "server.max_body", .type = T::size, .slot = PARLEY_CONFIG(server.max_body), .example = "4MiB",
        .help = "The largest request body; Meta sends up to 3 MB. Larger ones get 413.", .least = kib, .most = gib},
    Key{.path = "server.max_buffered", .type = T::size, .slot = PARLEY_CONFIG(server.max_buffered), .example = "32MiB",
        .help = "Unread and unanswered bodies in all; beyond it requests get 503, and Meta delivers again.", .least = 64 * kib, .most = 64 * gib},
    Key{.path = "server.trusted_proxies", .type = T::networks, .slot = PARLEY_CONFIG(server.trusted_proxies), .example = "[127.0.0.1/32]",
        .help = "Networks of proxies whose X-Forwarded-For and X-Request-Id are believed; unset: none.", .is_live = true},
    Key{.path = "server.core_dumps", .type = T::flag, .slot = PARLEY_CONFIG(server.core_dumps), .example = "false",
        .help = "Whether the system may write a core dump when the engine crashes: it would hold the tokens and what people wrote."},
    Key{.path = "server.tls.certificate", .type = T::path, .slot = PARLEY_CONFIG(server.tls.certificate), .example = "/etc/parley/fullchain.pem",
        .help = "Turns HTTPS on: a PEM file with the server's certificate, then those that lead to its authority.", .is_live = true},
    Key{.path = "server.tls.private_key", .type = T::path, .slot = PARLEY_CONFIG(server.tls.private_key), .example = "/etc/parley/privkey.pem",
        .help = "The key of that certificate, as PEM without a password.", .is_live = true},
    Key{.path = "server.tls.client_ca", .type = T::path, .slot = PARLEY_CONFIG(server.tls.client_ca), .example = "/etc/parley/meta-outbound-api-ca.pem",
        .help = "Mutual TLS: webhooks must show a client certificate that an authority of this PEM file vouches for; others get 403.", .is_live = true},
    Key{.path = "server.tls.client_name", .type = T::text, .slot = PARLEY_CONFIG(server.tls.client_name), .example = "client.webhooks.fbclientcerts.com",
        .help = "The common name that this client certificate must have.", .most = 253, .is_live = true},

    Key{.path = "admin.api_key", .type = T::secret, .slot = PARLEY_CONFIG(admin.api_key), .example = "${API_KEY}",
        .help = "The key that opens all of /api/*; without any key /api/* answers 403.", .is_live = true},
    Key{.path = "admin.allow_anonymous", .type = T::flag, .slot = PARLEY_CONFIG(admin.allow_anonymous), .example = "false",
        .help = "Opens /api/* without a key, to this machine only; refused unless listening on loopback."},
    Key{.path = "admin.listen", .type = T::later, .slot = nullptr, .example = "127.0.0.1:8001",
        .help = "Another address for /api, /console and /metrics."},
    Key{.path = "admin.rate_limit", .type = T::later, .slot = nullptr, .example = "off",
        .help = "Requests to /api/* a client may make.", .fallback = "off"},
    Key{.path = "admin.cors_origins", .type = T::later, .slot = nullptr, .example = "[]",
        .help = "Origins whose pages may call /api/*.", .fallback = "[]"},
    Key{.path = "admin.keys.*.key", .type = T::secret, .slot = PARLEY_ADMIN_KEY(key), .example = "${DASHBOARD_KEY}",
        .help = "A further key of /api/*; its name stands in the log of calls.", .is_required = true, .is_live = true},
    Key{.path = "admin.keys.*.scopes", .type = T::choices, .slot = PARLEY_ADMIN_KEY(scopes), .example = "[read]",
        .help = "What this key opens: read (looking), send (messages), admin (everything).", .is_required = true,
        .choices = "read|send|admin", .is_live = true},

    Key{.path = "whatsapp.graph_url", .type = T::url, .slot = PARLEY_CONFIG(whatsapp.graph_url), .example = "https://graph.facebook.com",
        .help = "Where messages are sent: Meta's Graph API, or a simulator."},
    Key{.path = "whatsapp.api_version", .type = T::api_version, .slot = PARLEY_CONFIG(whatsapp.api_version), .example = "v25.0",
        .help = "The version of the Graph API in every call."},
    Key{.path = "whatsapp.app_id", .type = T::digits, .slot = PARLEY_CONFIG(whatsapp.default_app.app_id), .example = "${WHATSAPP_APP_ID}",
        .help = "The id of your Meta app.", .is_live = true},
    Key{.path = "whatsapp.app_secret", .type = T::secrets, .slot = PARLEY_CONFIG(whatsapp.default_app.app_secrets), .example = "${WHATSAPP_APP_SECRET}",
        .help = "The secret of your Meta app, which signs webhooks; a list while one is being rotated.", .in_reference = true, .is_live = true},
    Key{.path = "whatsapp.verify_token", .type = T::secret, .slot = PARLEY_CONFIG(whatsapp.default_app.verify_token), .example = "${WHATSAPP_VERIFY_TOKEN}",
        .help = "The word you type into Meta's dashboard beside the webhook's address.", .in_reference = true, .is_live = true},
    Key{.path = "whatsapp.allow_unsigned", .type = T::flag, .slot = PARLEY_CONFIG(whatsapp.allow_unsigned), .example = "false",
        .help = "Takes webhooks without a signature from this machine, for trials; refused unless listening on loopback."},
    Key{.path = "whatsapp.allowed_networks", .type = T::networks, .slot = PARLEY_CONFIG(whatsapp.allowed_networks), .example = "[192.0.2.0/24, \"2001:db8::/32\"]",
        .help = "Networks that may send webhooks; others get 403. Empty: any.", .is_live = true},
    Key{.path = "whatsapp.rate_limit", .type = T::rate, .slot = PARLEY_CONFIG(whatsapp.rate_limit), .example = "100/minute",
        .help = "Requests to the webhook that an address may make without a good signature in the last hour; beyond them 429. Meta is never limited.", .is_live = true},
    Key{.path = "whatsapp.waba_id", .type = T::digits, .slot = PARLEY_CONFIG(whatsapp.waba_id), .example = "${WHATSAPP_WABA_ID}",
        .help = "The WhatsApp Business Account of accounts created by the API that name none.", .may_be_empty = true, .is_live = true},
    Key{.path = "whatsapp.access_token", .type = T::secret, .slot = PARLEY_CONFIG(whatsapp.access_token), .example = "${WHATSAPP_ACCESS_TOKEN}",
        .help = "The access token of accounts created by the API that bring none.", .may_be_empty = true, .is_live = true},
    Key{.path = "whatsapp.webhook_base_url", .type = T::url, .slot = PARLEY_CONFIG(whatsapp.webhook_base_url), .example = "${WEBHOOK_BASE_URL}",
        .help = "The public address of this engine: the webhooks of accounts created by the API are sent to /webhook there; unset: to the address in the app's dashboard.", .may_be_empty = true, .is_live = true},
    Key{.path = "whatsapp.apps.*.app_id", .type = T::digits, .slot = PARLEY_APP(app_id), .example = "\"1234567890\"",
        .help = "The id of this Meta app.", .is_live = true},
    Key{.path = "whatsapp.apps.*.app_secret", .type = T::secrets, .slot = PARLEY_APP(app_secrets), .example = "${SUPPORT_APP_SECRET}",
        .help = "The secret of this Meta app; a list while one is being rotated.", .is_required = true, .is_live = true},
    Key{.path = "whatsapp.apps.*.verify_token", .type = T::secret, .slot = PARLEY_APP(verify_token), .example = "${SUPPORT_VERIFY_TOKEN}",
        .help = "The word typed into this app's dashboard.", .is_live = true},

    Key{.path = "webhook.reply_in_response", .type = T::flag, .slot = PARLEY_CONFIG(webhook.reply_in_response), .example = "false",
        .help = "For trials: the POST waits up to 10 s, and its JSON carries the agent's replies.", .is_live = true},

    Key{.path = "webhook.log.refused", .type = T::count, .slot = PARLEY_CONFIG(webhook.log_refused), .example = "1000",
        .help = "How many of the last webhooks that were turned away are kept, in memory, for /api/webhook-logs; 0: none.", .least = 0, .most = 10'000, .is_live = true},
    Key{.path = "webhook.log.bodies", .type = T::choice, .slot = [](Target&) -> Slot { return choice<WebhookConfig::Bodies, log_bodies>; }, .example = "full",
        .help = "What is kept of their bodies: the first 4 KiB, those with numbers and e-mail addresses masked as in records, or nothing. Only what comes later is kept so.", .choices = "full|redacted|none", .is_live = true},

    Key{.path = "log.level", .type = T::choice, .slot = [](Target&) -> Slot { return choice<LogLevel, log_level>; }, .example = "info",
        .help = "The least level that is logged, to stderr; people's texts and numbers appear at debug only.", .choices = "debug|info|warning|error|off", .is_live = true},
    Key{.path = "log.format", .type = T::choice, .slot = [](Target&) -> Slot { return choice<LogFormat, log_format>; }, .example = "text",
        .help = "Lines for people, or JSON for programs.", .choices = "text|json"},

    Key{.path = "store.url", .type = T::store_url, .slot = PARLEY_CONFIG(store.url), .example = "sqlite:var/parley.db",
        .help = "The database; relative paths start at this file's folder."},
    Key{.path = "store.group_commit", .type = T::duration, .slot = PARLEY_CONFIG(store.group_commit), .example = "2ms",
        .help = "The least time between two commits under load.", .least = 0, .most = second},
    Key{.path = "store.retention", .type = T::duration, .slot = PARLEY_CONFIG(store.retention), .example = "30d",
        .help = "How long what arrived is remembered to recognise repeated deliveries; older items are never answered.", .least = day, .most = 3650 * day},
    Key{.path = "state_dir", .type = T::path, .slot = PARLEY_CONFIG(state_dir), .example = "var",
        .help = "Folder of staged agents, fetched media and crash notes; unset: the folder of the database."},

    Key{.path = "media.cache_size", .type = T::size, .slot = PARLEY_CONFIG(media.cache_size), .example = "1GiB",
        .help = "What the files that agents fetched may take on the disk, in a folder of state_dir; the oldest go first.", .least = kib, .most = 1024 * gib},
    Key{.path = "media.max_file", .type = T::size, .slot = PARLEY_CONFIG(media.max_file), .example = "100MiB",
        .help = "The largest file that agents may fetch or upload; up to four are in memory at once.", .least = kib, .most = gib},

    Key{.path = "agents.path", .type = T::paths, .slot = PARLEY_CONFIG(agents.path), .example = "[../build/release/lib/parley/agents]",
        .help = "Folders in which agents are found by id; empty: lib/parley/agents of this installation."},
    Key{.path = "agents.drain_timeout", .type = T::duration, .slot = PARLEY_CONFIG(agents.drain_timeout), .example = "30s",
        .help = "How long running turns may take when the engine stops or an agent is replaced.", .least = 0, .most = 60 * minute},
    Key{.path = "agents.watch", .type = T::flag, .slot = PARLEY_CONFIG(agents.watch), .example = "false",
        .help = "Replaces an agent by itself when its file has changed; for developers."},
    Key{.path = "agents.max_pinned", .type = T::count, .slot = PARLEY_CONFIG(agents.max_pinned), .example = "8",
        .help = "How many replaced agents that cannot be unloaded may stay in memory before the log asks for a restart.", .least = 0, .most = 1000},

    Key{.path = "accounts.store", .type = T::choice, .slot = [](Target&) -> Slot { return choice<AccountsConfig::Store, account_store>; }, .example = "sqlite",
        .help = "Where accounts created by the API are kept: in the database of store.url (sqlite), or in Firestore.", .choices = "sqlite|firestore"},
    Key{.path = "accounts.firestore.project", .type = T::text, .slot = PARLEY_CONFIG(accounts.firestore.project), .example = "${FIREBASE_PROJECT_ID}",
        .help = "The id of the Google Cloud project. The variable FIRESTORE_EMULATOR_HOST (host:port) leads to an emulator instead of Google.", .most = 128, .may_be_empty = true},
    Key{.path = "accounts.firestore.credentials", .type = T::path, .slot = PARLEY_CONFIG(accounts.firestore.credentials), .example = "${FIREBASE_CREDENTIALS_PATH}",
        .help = "The JSON key file of a service account; `metadata` on Google Cloud: the service account that runs the engine.", .may_be_empty = true},
    Key{.path = "accounts.firestore.database", .type = T::text, .slot = PARLEY_CONFIG(accounts.firestore.database), .example = "(default)",
        .help = "The name of the database in this project.", .most = 128},
    Key{.path = "accounts.firestore.webhook_logs", .type = T::flag, .slot = PARLEY_CONFIG(accounts.firestore.webhook_logs), .example = "false",
        .help = "Copies what webhooks brought, and those that were refused, into the collection whatsapp_webhook_logs: people's words, at the price of a write each. Wherever the accounts are."},
    Key{.path = "accounts.firestore.webhook_logs_keep", .type = T::duration, .slot = PARLEY_CONFIG(accounts.firestore.webhook_logs_keep), .example = "30d",
        .help = "The field expire_at of such a copy is so long after it came; a TTL policy on that field deletes it.", .least = day, .most = 3650 * day},
    Key{.path = "accounts.key", .type = T::secrets, .slot = PARLEY_CONFIG(accounts.keys), .example = "${ACCOUNTS_KEY}",
        .help = "Seals the tokens of accounts created by the API: 32 bytes as base64. A list while it is being rotated: the first one seals, all open.", .may_be_empty = true},
    Key{.path = "accounts.files", .type = T::path, .slot = PARLEY_CONFIG(accounts.files), .example = "accounts",
        .help = "The folder that files named in the settings of such accounts must lie in; unset: they may name none."},
    Key{.path = "accounts.allow_private_networks", .type = T::flag, .slot = PARLEY_CONFIG(accounts.allow_private_networks), .example = "false",
        .help = "Lets the agents of such accounts call loopback, private and link-local addresses.", .is_live = true},

    Key{.path = "deployments.*.phone_number_id", .type = T::digits, .slot = PARLEY_DEPLOYMENT(deployment.channel), .example = "${WHATSAPP_PHONE_NUMBER_ID}",
        .help = "Meta's id of the number, not the number itself; belongs to one deployment.", .is_required = true},
    Key{.path = "deployments.*.access_token", .type = T::secret, .slot = PARLEY_DEPLOYMENT(deployment.access_token), .example = "${WHATSAPP_ACCESS_TOKEN}",
        .help = "Allows sending from this number.", .is_required = true, .is_live = true},
    Key{.path = "deployments.*.agent", .type = T::agent, .slot = PARLEY_DEPLOYMENT(deployment.agent), .example = "credit-card-agent",
        .help = "The agent that answers: an id found on agents.path, or the path of a .so.", .is_required = true, .is_live = true},
    Key{.path = "deployments.*.config", .type = T::agent_config, .slot = [](Target& t) -> Slot { return t.deployment; }, .example = "{ facts: card-facts.yaml }",
        .help = "Handed to the agent as JSON; what its schema calls a path starts at this file's folder.", .is_live = true},
    Key{.path = "deployments.*.waba_id", .type = T::digits, .slot = PARLEY_DEPLOYMENT(deployment.waba_id), .example = "\"1234567890\"",
        .help = "The WhatsApp Business Account; webhooks that name only it come here.", .is_live = true},
    Key{.path = "deployments.*.app", .type = T::name, .slot = PARLEY_DEPLOYMENT(deployment.app), .example = "support",
        .help = "The Meta app of this number, by its name under whatsapp.apps; unset: whatsapp.app_secret.", .is_live = true},
    Key{.path = "deployments.*.app_secret", .type = T::secrets, .slot = PARLEY_DEPLOYMENT(app_secrets), .example = "${SUPPORT_APP_SECRET}",
        .help = "Instead of `app`: the secret of a Meta app of its own; a list while one is being rotated.", .is_live = true},
    Key{.path = "deployments.*.deadline", .type = T::duration, .slot = PARLEY_DEPLOYMENT(deployment.deadline), .example = "20s",
        .help = "How long the agent may take to answer; then the fallback is sent.", .least = 10, .most = 60 * minute, .is_live = true},
    Key{.path = "deployments.*.attempts", .type = T::count, .slot = PARLEY_DEPLOYMENT(deployment.attempts), .example = "2",
        .help = "Crashes of the agent on one message before it is set aside as a dead letter.", .least = 1, .most = 100, .is_live = true},
    Key{.path = "deployments.*.fallback", .type = T::text, .slot = PARLEY_DEPLOYMENT(deployment.fallback), .example = "\"Sorry, something went wrong. Please try again.\"",
        .help = "What the user reads when the agent fails; unset: nothing.", .most = 4096, .is_live = true},
    Key{.path = "deployments.*.default", .type = T::flag, .slot = PARLEY_DEPLOYMENT(deployment.is_default), .example = "false",
        .help = "Also takes webhooks that carry no phone_number_id; one deployment at most.", .is_live = true},
    Key{.path = "deployments.*.pace.number", .type = T::rate, .slot = PARLEY_DEPLOYMENT(deployment.pace.number_per_second), .example = "80/s",
        .help = "Messages sent from this number; Meta's limit is 80/s, or 1000/s for large accounts. `pace: off` turns all three off.", .is_live = true},
    Key{.path = "deployments.*.pace.pair", .type = T::rate, .slot = PARLEY_DEPLOYMENT(deployment.pace.pair_per_second), .example = "1/6s",
        .help = "Messages sent to one person in the long run.", .is_live = true},
    Key{.path = "deployments.*.pace.pair_burst", .type = T::count, .slot = PARLEY_DEPLOYMENT(deployment.pace.pair_burst), .example = "45",
        .help = "Messages to one person that may go out at once, ahead of that rate.", .least = 1, .most = 10'000, .is_live = true},
    Key{.path = "deployments.*.unknown_sends.wait", .type = T::duration, .slot = PARLEY_DEPLOYMENT(deployment.unknown_sends.wait), .example = "60s",
        .help = "How long a send whose outcome is unknown waits for its status webhook.", .least = 100, .most = 7 * day, .is_live = true},
    Key{.path = "deployments.*.unknown_sends.then", .type = T::choice, .slot = [](Target&) -> Slot { return choice<UnknownSends::Then, then>; }, .example = "resend",
        .help = "After that: send it again, or hold it for a person to look at.", .choices = "resend|hold", .is_live = true},
    Key{.path = "deployments.*.outside_window.template", .type = T::text, .slot = PARLEY_DEPLOYMENT(deployment.outside_window.template_name), .example = "hello_again",
        .help = "The template sent instead when WhatsApp takes no free-form message, 24 h after the user's last one; once a day and conversation. `outside_window: fail` sends none.", .most = 512, .is_live = true},
    Key{.path = "deployments.*.outside_window.language", .type = T::text, .slot = PARLEY_DEPLOYMENT(deployment.outside_window.language), .example = "en_US",
        .help = "The language of that template, as Meta writes it.", .most = 32, .is_live = true},
    Key{.path = "deployments.*.presence.read", .type = T::flag, .slot = PARLEY_DEPLOYMENT(deployment.presence.read), .example = "true",
        .help = "Marks the user's message as read when the agent gets it.", .is_live = true},
    Key{.path = "deployments.*.presence.typing", .type = T::flag, .slot = PARLEY_DEPLOYMENT(deployment.presence.typing), .example = "true",
        .help = "Shows the user that an answer is being written.", .is_live = true},
    Key{.path = "deployments.*.events", .type = T::choices, .slot = PARLEY_DEPLOYMENT(deployment.told), .example = "[message.received, message.failed]",
        .help = "Which statuses of its messages the agent is told, of those that it asks for; the others are still stored. Unset: all of them.",
        .choices = "message.received|message.sent|message.delivered|message.read|message.played|message.failed", .is_live = true},
    Key{.path = "deployments.*.allowed_hosts", .type = T::hosts, .slot = PARLEY_DEPLOYMENT(allowed_hosts), .example = "[api.example.com]",
        .help = "Hosts the agent may call, *.example.com for all below one; empty: any public host.", .is_live = true},
    Key{.path = "deployments.*.allow_private_networks", .type = T::flag, .slot = PARLEY_DEPLOYMENT(allow_private_networks), .example = "false",
        .help = "Lets the agent call loopback, private and link-local addresses.", .is_live = true},
    Key{.path = "deployments.*.secrets", .type = T::named_secrets, .slot = PARLEY_DEPLOYMENT(secrets), .example = "{ crm: ${CRM_TOKEN} }",
        .help = "Secrets the engine fills in for ${secret:NAME} when the agent makes a request, so the agent never holds them.", .is_live = true},
    Key{.path = "deployments.*.isolation", .type = T::choice, .slot = [](Target&) -> Slot { return choice<IsolationConfig::Kind, isolation>; }, .example = "none",
        .help = "Runs the agent in the engine (none), or in a process of its own that may crash and is started again (process).", .choices = "none|process", .is_live = true},
    Key{.path = "deployments.*.worker.turns", .type = T::count, .slot = PARLEY_DEPLOYMENT(isolation.turns), .example = "32",
        .help = "With `isolation: process`: messages that the process works on at once; the others wait.", .least = 1, .most = 512, .is_live = true},
    Key{.path = "deployments.*.worker.memory", .type = T::size, .slot = PARLEY_DEPLOYMENT(isolation.memory), .example = "2GiB",
        .help = "With `isolation: process`: the address space it may have; asking for more fails inside the agent.", .least = 64LL << 20, .most = 1024 * gib, .is_live = true},
    Key{.path = "deployments.*.worker.files", .type = T::count, .slot = PARLEY_DEPLOYMENT(isolation.files), .example = "256",
        .help = "With `isolation: process`: the files and sockets it may have open.", .least = 16, .most = 1'000'000, .is_live = true},
    Key{.path = "deployments.*.proxy_token", .type = T::secret, .slot = PARLEY_DEPLOYMENT(deployment.proxy_token), .example = "${BOT_TOKEN}",
        .help = "Opens the Graph proxy under /graph for this number: the token that its bot sends instead of Meta's.", .is_live = true},
    Key{.path = "deployments.*.canary.percent", .type = T::count, .slot = PARLEY_DEPLOYMENT(canary.percent), .example = "5",
        .help = "A new version of the agent gets this share of the conversations first, always the same ones; 0: it gets all at once.", .least = 0, .most = 100, .is_live = true},
    Key{.path = "deployments.*.canary.rollback_on_failures", .type = T::ratio, .slot = PARLEY_DEPLOYMENT(canary.rollback_on_failures), .example = "0.2",
        .help = "It is taken back when more than this part of its turns failed (errors, missed deadlines, crashes), and at least three.", .is_live = true},
    Key{.path = "deployments.*.canary.min_turns", .type = T::count, .slot = PARLEY_DEPLOYMENT(canary.min_turns), .example = "20",
        .help = "Turns that it must have answered before it gets all conversations.", .least = 1, .most = 1'000'000, .is_live = true},
    Key{.path = "deployments.*.canary.after", .type = T::duration, .slot = PARLEY_DEPLOYMENT(canary.after), .example = "30m",
        .help = "How long it is tried before it gets all conversations.", .least = 0, .most = 30 * day, .is_live = true},
    Key{.path = "deployments.*.shadow", .type = T::flag, .slot = PARLEY_DEPLOYMENT(shadow), .example = "false",
        .help = "A new version of the agent gets every message too, in a process of its own, until it is promoted by hand; what it would have said goes into the records only. Needs `record: true`.", .is_live = true},
    Key{.path = "deployments.*.record.on", .type = T::flag, .slot = PARLEY_DEPLOYMENT(deployment.is_recorded), .example = "true",
        .help = "Records turns, redacted, for `parley replay`. `record: true` and `record: false` say the same; a block `record:` turns it on.", .is_live = true},
    Key{.path = "deployments.*.record.keep", .type = T::duration, .slot = PARLEY_DEPLOYMENT(record.keep), .example = "7d",
        .help = "How long records are kept; they go a day later at most.", .least = 60 * minute, .most = 3650 * day, .is_live = true},
    Key{.path = "deployments.*.record.max_size", .type = T::size, .slot = PARLEY_DEPLOYMENT(record.max_size), .example = "1GiB",
        .help = "What the records of this deployment may take on the disk; the oldest go first.", .least = kib << 10, .most = 1024 * gib, .is_live = true},
};

#undef PARLEY_CONFIG
#undef PARLEY_APP
#undef PARLEY_ADMIN_KEY
#undef PARLEY_DEPLOYMENT
// clang-format on

struct ValueText {
    const Key& key;
    const Target& target;

    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const std::string* value) const { return *value; }
    std::string operator()(const PhoneNumberId* value) const { return value->str(); }
    std::string operator()(const AppId* value) const { return value->str(); }
    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
    std::string operator()(const unsigned* value) const {
        return key.type == KeyType::threads && *value == 0 ? "auto" : std::to_string(*value);
    }
    std::string operator()(const std::size_t* value) const { return to_size_text(*value); }
    std::string operator()(const double* value) const {
        return key.type == KeyType::ratio ? to_ratio_text(*value) : to_rate_text(*value);
    }
    std::string operator()(const Millis* value) const { return to_duration_text(*value); }
    std::string operator()(const Secret* value) const { return value->empty() ? "" : "(secret)"; }
    std::string operator()(const std::vector<Secret>* value) const {
        return value->empty() ? "" : "(secret)";
    }
    std::string operator()(const std::map<std::string, Secret>* value) const {
        return value->empty() ? "{}" : "(secret)";
    }
    std::string operator()(const std::vector<std::string>* value) const {
        if (key.type == KeyType::choices && value->empty()) return {};  // such a list is unset or has some
        std::string text = "[";
        for (const std::string& item : *value) text += (text.size() > 1 ? ", " : "") + item;
        return text + "]";
    }
    std::string operator()(const DeploymentConfig* value) const {
        return value->config_json == "{}" ? "{}" : "(block)";
    }
    std::string operator()(const ChoiceSlot& choice) const {
        return std::string(split_choices(key.choices).at(choice.get(target)));
    }
};

}  // namespace

std::span<const Key> config_keys() {
    return keys;
}

bool is_secret(const Key& key) noexcept {
    return key.type == KeyType::secret || key.type == KeyType::secrets || key.type == KeyType::named_secrets;
}

std::string_view last_part(std::string_view path) noexcept {
    const auto dot = path.rfind('.');
    return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::vector<std::string_view> split_choices(std::string_view choices) {
    std::vector<std::string_view> parts;
    while (!choices.empty()) {
        const auto bar = choices.find('|');
        parts.push_back(choices.substr(0, bar));
        choices.remove_prefix(bar == std::string_view::npos ? choices.size() : bar + 1);
    }
    return parts;
}

std::string value_text(const Key& key, Target& target) {
    if (key.slot == nullptr) return std::string(key.fallback);
    return std::visit(ValueText{key, target}, key.slot(target));
}

std::string default_text(const Key& key) {
    Config config;
    AppConfig app;
    DeploymentConfig deployment;
    AdminKeyConfig admin_key;
    Target target{config, &app, &deployment, &admin_key};
    return value_text(key, target);
}

}  // namespace parley
