// Who we are for Firestore: an access token, kept until shortly before it expires.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "firestore/service_account.hpp"
#include "net/http_client.hpp"

namespace parley::firestore {

struct FreshToken {
    Secret text;
    Millis life{};
};

// Where tokens come from. fetch() blocks, 10 s at most. unauthorized: asking again is of no use; unavailable: it may be
// later. No message holds a token or a key.
class TokenSource {
  public:
    virtual ~TokenSource() = default;
    virtual Result<FreshToken> fetch() = 0;
    virtual std::string who() const = 0;  // for people: "the service account x@y"
};

// Signs with the key of the service account. All outlive what is made.
std::unique_ptr<TokenSource> make_service_account_tokens(ServiceAccount account, HttpClient& http,
                                                         const Clock& clock);
// Asks the metadata server of Google Cloud for the token of the machine's own service account.
std::unique_ptr<TokenSource> make_metadata_tokens(HttpClient& http);
// The word that makes the emulator's caller its administrator.
std::unique_ptr<TokenSource> make_emulator_tokens();

// Any thread.
class AccessTokens {
  public:
    static constexpr Millis early{5 * 60 *
                                  1000};  // before its end a token is renewed; a short-lived one at its half

    AccessTokens(std::unique_ptr<TokenSource> source, const Clock& clock)
        : source_(std::move(source)), clock_(clock) {}

    // Blocks while a token is fetched; only one caller fetches, and a token that still holds is given meanwhile.
    Result<Secret> get();
    // Firestore does not take this one: the next get() fetches another.
    void forget(const Secret& token);

    std::string who() const { return source_->who(); }

  private:
    Result<Secret> fetch(std::unique_lock<std::mutex>& lock);

    const std::unique_ptr<TokenSource> source_;
    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable fetched_;
    bool is_fetching_ = false;
    std::uint64_t fetches_ = 0;
    std::optional<Error> failure_;  // of the last fetch
    Secret token_;
    MonoTime until_{}, renew_at_{};
};

}  // namespace parley::firestore
