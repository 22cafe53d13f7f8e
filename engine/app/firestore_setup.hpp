// Firestore as the configuration wants it: its checks, and all that the engine runs of it.
#pragma once

#include <memory>

#include "app/config_checks.hpp"
#include "app/environment.hpp"
#include "core/account_store.hpp"
#include "firestore/account_store.hpp"
#include "firestore/webhook_log.hpp"
#include "net/curl_client.hpp"

namespace parley {

bool uses_firestore(const Config& config) noexcept;

// Reports what is wrong with accounts.firestore and its key file; takes FIRESTORE_EMULATOR_HOST over.
void check_firestore(Config& config, const Environment& environment, const KeyPlaces& places,
                     Findings& findings);

// Its parts, over an HTTP client of its own: what waits for Google holds up nothing else.
class FirestoreSide {
  public:
    struct Ports {
        const Clock& clock;
        Random& random;
        Metrics& metrics;
    };
    // All outlive it. invalid_input: the key file cannot be used. Calls nobody yet.
    static Result<std::unique_ptr<FirestoreSide>> open(const Config& config, const Ports& ports);
    ~FirestoreSide() { stop(); }
    FirestoreSide(const FirestoreSide&) = delete;
    FirestoreSide& operator=(const FirestoreSide&) = delete;

    AccountStore& accounts() { return accounts_; }

    firestore::FirestoreWebhookLog* log() { return log_.get(); }  // null unless it is wanted

    // Calls that fail are not tried again from now on. Any thread.
    void hurry() { pause_.stop(); }
    // Writes the webhook logs that wait, as long as calls succeed. Blocks, 10 s at most while Firestore is down. When no
    // webhook can come any more.
    void stop();

  private:
    FirestoreSide(const Config& config, const Ports& ports, std::optional<firestore::ServiceAccount> account);
    std::unique_ptr<firestore::TokenSource> make_source(const FirestoreConfig& wanted, const Clock& clock,
                                                        std::optional<firestore::ServiceAccount> account);

    StoppablePause pause_;
    CurlClient http_;
    firestore::AccessTokens tokens_;
    firestore::Client client_;
    firestore::FirestoreAccountStore accounts_;
    std::unique_ptr<firestore::FirestoreWebhookLog> log_;
};

}  // namespace parley
