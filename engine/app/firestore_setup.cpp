#include "app/firestore_setup.hpp"

#include <algorithm>
#include <array>

#include "app/scalars.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

constexpr std::string_view metadata = "metadata";
constexpr unsigned connections = 8;

// Both become parts of URLs.
bool is_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.';
    });
}

bool wants_key_file(const FirestoreConfig& firestore) {
    return firestore.emulator.empty() && firestore.credentials != metadata;
}

class FirestoreChecker {
  public:
    FirestoreChecker(Config& config, const KeyPlaces& places, Findings& findings)
        : config_(config), firestore_(config.accounts.firestore), places_(places), findings_(findings) {}

    void run(const Environment& environment) {
        if (!uses_firestore(config_)) return;
        take_emulator(environment);
        check_names();
        if (!wants_key_file(firestore_)) return;
        if (firestore_.credentials.empty())
            return missing("credentials",
                           "write:  credentials: ${FIREBASE_CREDENTIALS_PATH}, or on Google "
                           "Cloud:  credentials: metadata");
        const auto account = firestore::read_service_account(resolve(config_, firestore_.credentials));
        if (!account) wrong("credentials", account.error().message(), "");
    }

  private:
    void take_emulator(const Environment& environment) {
        const auto variable = environment.find("FIRESTORE_EMULATOR_HOST");
        if (variable == environment.end() || variable->second.empty()) return;
        const auto address = parse_host_port(variable->second);
        if (address)
            firestore_.emulator = *address;
        else
            findings_.error({}, "accounts.firestore",
                            "the variable FIRESTORE_EMULATOR_HOST: " + address.error().message(),
                            "write, for example:  FIRESTORE_EMULATOR_HOST=127.0.0.1:8080");
    }

    void check_names() {
        if (firestore_.project.empty())
            missing("project", "write:  project: ${FIREBASE_PROJECT_ID}");
        else if (!is_name(firestore_.project))
            wrong("project", "is no project's id: lower-case letters, digits and hyphens", "");
        if (firestore_.database != "(default)" && !is_name(firestore_.database))
            wrong("database", "is no database's name: lower-case letters, digits and hyphens",
                  "write, for example:  database: (default)");
    }

    // Told at what asks for it.
    void missing(const char* key, const std::string& instead) {
        const bool has_accounts = config_.accounts.store == AccountsConfig::Store::firestore;
        findings_.error(place(has_accounts ? "accounts.store" : "accounts.firestore.webhook_logs"),
                        std::string("accounts.firestore.") + key,
                        std::string("is missing: ") + (has_accounts ? "accounts" : "webhook logs") +
                            " are to be kept in Firestore",
                        instead);
    }
    void wrong(const char* key, const std::string& what, const std::string& instead) {
        const std::string path = std::string("accounts.firestore.") + key;
        findings_.error(place(path), path, what, instead);
    }
    Position place(const std::string& path) const {
        const auto found = places_.find(path);
        return found == places_.end() ? Position{} : found->second;
    }

    Config& config_;
    FirestoreConfig& firestore_;
    const KeyPlaces& places_;
    Findings& findings_;
};

}  // namespace

bool uses_firestore(const Config& config) noexcept {
    return config.accounts.store == AccountsConfig::Store::firestore ||
           config.accounts.firestore.webhook_logs;
}

void check_firestore(Config& config, const Environment& environment, const KeyPlaces& places,
                     Findings& findings) {
    FirestoreChecker(config, places, findings).run(environment);
}

Result<std::unique_ptr<FirestoreSide>> FirestoreSide::open(const Config& config, const Ports& ports) {
    const FirestoreConfig& wanted = config.accounts.firestore;
    std::optional<firestore::ServiceAccount> account;
    if (wants_key_file(wanted)) {
        auto read = firestore::read_service_account(resolve(config, wanted.credentials));
        if (!read) return read.error().within("accounts.firestore.credentials");
        account = std::move(*read);
    }
    if (!wanted.emulator.empty()) log_warning("Firestore is an emulator", {{"address", wanted.emulator}});
    return std::unique_ptr<FirestoreSide>(new FirestoreSide(config, ports, std::move(account)));
}

std::unique_ptr<firestore::TokenSource> FirestoreSide::make_source(
    const FirestoreConfig& wanted, const Clock& clock, std::optional<firestore::ServiceAccount> account) {
    if (account) return firestore::make_service_account_tokens(std::move(*account), http_, clock);
    if (!wanted.emulator.empty()) return firestore::make_emulator_tokens();
    return firestore::make_metadata_tokens(http_);
}

FirestoreSide::FirestoreSide(const Config& config, const Ports& ports,
                             std::optional<firestore::ServiceAccount> account)
    : http_(CurlOptions{.max_connections_per_host = connections}),
      tokens_(make_source(config.accounts.firestore, ports.clock, std::move(account)), ports.clock),
      client_({.project = config.accounts.firestore.project,
               .database = config.accounts.firestore.database,
               .emulator = config.accounts.firestore.emulator},
              {http_, tokens_, ports.clock, ports.random, pause_, ports.metrics}),
      accounts_(client_, ports.random) {
    if (!config.accounts.firestore.webhook_logs) return;
    log_ = std::make_unique<firestore::FirestoreWebhookLog>(
        firestore::WebhookLogOptions{.keep = config.accounts.firestore.webhook_logs_keep}, client_,
        ports.clock, pause_, ports.metrics);
    log_->start();
}

void FirestoreSide::stop() {
    pause_.stop();
    if (log_) log_->stop();
}

}  // namespace parley
