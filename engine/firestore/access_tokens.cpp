#include "firestore/access_tokens.hpp"

#include <nlohmann/json.hpp>

#include "firestore/blocking_call.hpp"

namespace parley::firestore {
namespace {

using Json = nlohmann::json;

constexpr Millis fetch_timeout{10'000};
constexpr std::size_t most_answer = 64U << 10;

std::string word_of(const Json& json, const char* name) {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>().substr(0, 200)
                                                     : std::string();
}

// Of both: Google's token endpoint and the metadata server.
Result<FreshToken> read_token(const HttpOutcome& outcome, const std::string& whom) {
    if (!outcome.reply)
        return Error(Errc::unavailable, whom + " cannot be reached: " + outcome.failure.reason);
    const Json answer = Json::parse(outcome.reply->body, nullptr, false);
    const int status = outcome.reply->status;
    if (status == 200 && answer.is_object() && answer.contains("access_token") &&
        answer["access_token"].is_string()) {
        const auto life = answer.find("expires_in");
        const bool is_told = life != answer.end() && life->is_number();
        return FreshToken{Secret(answer["access_token"].get<std::string>()),
                          std::chrono::seconds(is_told ? life->get<std::int64_t>() : 3600)};
    }
    const std::string word = word_of(answer, "error"), more = word_of(answer, "error_description");
    const std::string told = "answered " + std::to_string(status) + (word.empty() ? "" : " " + word) +
                             (more.empty() ? "" : " (" + more + ")");
    if (status == 429 || status >= 500) return Error(Errc::unavailable, whom + " " + told);
    return Error(Errc::unauthorized, told);
}

class ServiceAccountTokens final : public TokenSource {
  public:
    ServiceAccountTokens(ServiceAccount account, HttpClient& http, const Clock& clock)
        : account_(std::move(account)), http_(http), clock_(clock) {}

    Result<FreshToken> fetch() override {
        HttpCall call;
        call.method = "POST";
        call.url = account_.token_url;
        call.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        call.body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                    std::string(make_assertion(account_, clock_.wall()).reveal());
        call.timeout = fetch_timeout;
        call.max_response = most_answer;
        auto token = read_token(ask(http_, std::move(call)), "Google's sign-in");
        if (token || token.error().code() != Errc::unauthorized) return token;
        return Error(Errc::unauthorized,
                     "Google does not let in " + who() + ": it " + token.error().message() +
                         "; the key was revoked, the account is disabled, or this machine's clock is wrong");
    }
    std::string who() const override { return "the service account " + account_.email; }

  private:
    const ServiceAccount account_;
    HttpClient& http_;
    const Clock& clock_;
};

class MetadataTokens final : public TokenSource {
  public:
    explicit MetadataTokens(HttpClient& http) : http_(http) {}

    Result<FreshToken> fetch() override {
        HttpCall call;
        call.url =
            "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";
        call.headers = {{"Metadata-Flavor", "Google"}};
        call.timeout = fetch_timeout;
        call.max_response = most_answer;
        auto token = read_token(ask(http_, std::move(call)), "Google's metadata server");
        if (token || token.error().code() != Errc::unauthorized) return token;
        return Error(Errc::unauthorized, "Google's metadata server " + token.error().message() +
                                             "; does a service account run this?");
    }
    std::string who() const override { return "the service account that runs this"; }

  private:
    HttpClient& http_;
};

class EmulatorTokens final : public TokenSource {
  public:
    Result<FreshToken> fetch() override { return FreshToken{Secret("owner"), std::chrono::hours(24 * 365)}; }
    std::string who() const override { return "the emulator's owner"; }
};

}  // namespace

std::unique_ptr<TokenSource> make_service_account_tokens(ServiceAccount account, HttpClient& http,
                                                         const Clock& clock) {
    return std::make_unique<ServiceAccountTokens>(std::move(account), http, clock);
}

std::unique_ptr<TokenSource> make_metadata_tokens(HttpClient& http) {
    return std::make_unique<MetadataTokens>(http);
}

std::unique_ptr<TokenSource> make_emulator_tokens() {
    return std::make_unique<EmulatorTokens>();
}

Result<Secret> AccessTokens::get() {
    std::unique_lock lock(mutex_);
    while (true) {
        const MonoTime now = clock_.mono();
        const bool holds = !token_.empty() && now < until_;
        if (holds && now < renew_at_) return token_;
        if (!is_fetching_) return fetch(lock);
        if (holds) return token_;
        const std::uint64_t seen = fetches_;
        fetched_.wait(lock, [&] { return fetches_ != seen; });
        if (failure_) return *failure_;
    }
}

Result<Secret> AccessTokens::fetch(std::unique_lock<std::mutex>& lock) {
    is_fetching_ = true;
    lock.unlock();
    auto fresh = source_->fetch();
    const MonoTime now = clock_.mono();
    lock.lock();
    is_fetching_ = false;
    ++fetches_;
    fetched_.notify_all();
    failure_.reset();
    if (fresh) {
        token_ = fresh->text;
        until_ = now + fresh->life;
        renew_at_ = until_ - std::min(early, fresh->life / 2);
        return token_;
    }
    if (!token_.empty() && now < until_) return token_;
    failure_ = fresh.error();
    return fresh.error();
}

void AccessTokens::forget(const Secret& token) {
    const std::lock_guard lock(mutex_);
    if (token_.equals(token.reveal())) token_ = Secret();
}

}  // namespace parley::firestore
