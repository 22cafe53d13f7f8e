#include "firestore/service_account.hpp"

#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "net/local_request.hpp"
#include "net/url_target.hpp"

namespace parley::firestore {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_bytes = 64U << 10;
constexpr std::chrono::seconds assertion_life{3600};  // Google's most

std::string text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The signature may become an access token only where nobody listens.
bool is_fit_for_secrets(const std::string& url) {
    const auto target = parse_url_target(url);
    if (!target) return false;
    return target->scheme == "https" || is_loopback_authority(target->host);
}

Error not_fit(const std::string& what) {
    return {Errc::invalid_input, what + "; download a key of the service account as JSON"};
}

}  // namespace

Result<ServiceAccount> parse_service_account(const Secret& json) {
    const Json file = Json::parse(json.reveal(), nullptr, false);
    if (!file.is_object()) return not_fit("is no JSON object");
    const std::string type = text_of(file, "type");
    if (type != "service_account")
        return not_fit(type.empty() ? "has no `type`" : "is no key of a service account");
    for (const char* name : {"client_email", "private_key", "private_key_id", "token_uri"})
        if (text_of(file, name).empty()) return not_fit("has no `" + std::string(name) + "`");
    auto key = RsaSigner::read(Secret(text_of(file, "private_key")));
    if (!key) return key.error().within("its `private_key`");
    ServiceAccount account{text_of(file, "client_email"), text_of(file, "private_key_id"),
                           text_of(file, "token_uri"), text_of(file, "project_id"), std::move(*key)};
    if (!is_fit_for_secrets(account.token_url)) return not_fit("its `token_uri` is no https:// URL");
    return account;
}

Result<ServiceAccount> read_service_account(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return Error(Errc::invalid_input, file.string() + " cannot be read");
    std::string text(most_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > most_bytes) return Error(Errc::invalid_input, file.string() + " is too large");
    const Secret content(std::move(text));
    auto account = parse_service_account(content);
    if (!account) return Error(Errc::invalid_input, file.string() + " " + account.error().message());
    return account;
}

Secret make_assertion(const ServiceAccount& account, WallTime now) {
    const std::int64_t issued = unix_ms(now) / 1000;
    const Json header{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", account.key_id}};
    const Json claims{{"iss", account.email},
                      {"scope", "https://www.googleapis.com/auth/datastore"},
                      {"aud", account.token_url},
                      {"iat", issued},
                      {"exp", issued + assertion_life.count()}};
    const std::string text = to_base64url(header.dump()) + "." + to_base64url(claims.dump());
    return Secret(text + "." + to_base64url(account.key.sign(text)));
}

}  // namespace parley::firestore
