#include "firestore/access_tokens.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_http_client.hpp"
#include "fakes/rsa_key.hpp"
#include "fakes/temp_folder.hpp"

namespace parley::firestore {
namespace {

using Json = nlohmann::json;

const fakes::RsaKey& test_key() {
    static const fakes::RsaKey key;
    return key;
}

Json key_file() {
    return {{"type", "service_account"},
            {"project_id", "acme"},
            {"private_key_id", "key-1"},
            {"private_key", test_key().pem()},
            {"client_email", "parley@acme.iam.gserviceaccount.com"},
            {"token_uri", "https://oauth2.googleapis.com/token"}};
}

Result<ServiceAccount> parse(const Json& file) {
    return parse_service_account(Secret(file.dump()));
}

std::string decoded(std::string part) {
    for (char& c : part) c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (part.size() % 4 != 0) part += '=';
    return from_base64(part).value();
}

TEST(ServiceAccount, signs_an_assertion_that_its_public_key_verifies) {
    const auto account = parse(key_file());
    ASSERT_TRUE(account) << account.error().message();
    const std::string jwt(make_assertion(*account, from_unix_ms(1'790'000'000'000)).reveal());
    const auto first = jwt.find('.'), last = jwt.rfind('.');
    EXPECT_TRUE(test_key().verifies(jwt.substr(0, last), decoded(jwt.substr(last + 1))));
    EXPECT_EQ(Json::parse(decoded(jwt.substr(0, first))),
              (Json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "key-1"}}));
    EXPECT_EQ(Json::parse(decoded(jwt.substr(first + 1, last - first - 1))),
              (Json{{"iss", "parley@acme.iam.gserviceaccount.com"},
                    {"scope", "https://www.googleapis.com/auth/datastore"},
                    {"aud", "https://oauth2.googleapis.com/token"},
                    {"iat", 1'790'000'000},
                    {"exp", 1'790'003'600}}));
}

TEST(ServiceAccount, says_what_is_wrong_with_its_file_and_never_quotes_it) {
    for (const char* name : {"type", "private_key", "private_key_id", "client_email", "token_uri"}) {
        Json file = key_file();
        file.erase(name);
        const auto account = parse(file);
        ASSERT_FALSE(account) << name;
        EXPECT_NE(account.error().message().find(std::string("no `") + name + "`"), std::string::npos);
    }
    Json file = key_file();
    file["private_key"] = "-----BEGIN PRIVATE KEY-----\nhush\n";
    EXPECT_EQ(parse(file).error().message(),
              "its `private_key`: is no RSA key in PEM form without a password");
    file = key_file();
    file["token_uri"] = "http://elsewhere.example/token";
    EXPECT_NE(parse(file).error().message().find("no https:// URL"), std::string::npos);
    file["type"] = "authorized_user";
    EXPECT_NE(parse(file).error().message().find("no key of a service account"), std::string::npos);
    EXPECT_FALSE(parse_service_account(Secret("[")));
    const fakes::TempFolder folder;
    EXPECT_EQ(read_service_account(folder.path() / "none.json").error().message(),
              (folder.path() / "none.json").string() + " cannot be read");
}

class Tokens : public testing::Test {
  protected:
    FakeHttpClient http;
    FakeClock clock;
    AccessTokens tokens{make_service_account_tokens(*parse(key_file()), http, clock), clock};

    // What get() gives when the n-th call is answered so.
    Result<Secret> get(std::size_t n, int status, const std::string& body) {
        std::thread google([&] { http.answer(http.wait_for_call(n)->first, status, body); });
        auto token = tokens.get();
        google.join();
        return token;
    }
    static std::string granted(const std::string& token, int seconds = 3599) {
        return Json{{"access_token", token}, {"expires_in", seconds}, {"token_type", "Bearer"}}.dump();
    }
    std::string kept() { return std::string(tokens.get().value().reveal()); }
};

TEST_F(Tokens, are_exchanged_for_the_assertion_and_kept_until_shortly_before_their_end) {
    ASSERT_TRUE(get(1, 200, granted("first")));
    const HttpCall call = http.wait_for_call(1)->second;
    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.url, "https://oauth2.googleapis.com/token");
    const std::string before = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    ASSERT_TRUE(call.body.starts_with(before));
    const std::string jwt = call.body.substr(before.size()), text = jwt.substr(0, jwt.rfind('.'));
    EXPECT_TRUE(test_key().verifies(text, decoded(jwt.substr(jwt.rfind('.') + 1))));

    clock.advance(std::chrono::seconds(3599 - 301));
    EXPECT_EQ(kept(), "first");
    clock.advance(std::chrono::seconds(2));
    EXPECT_EQ(get(2, 200, granted("second")).value().reveal(), "second");
    EXPECT_EQ(http.started_calls(), 2U);
}

TEST_F(Tokens, that_still_hold_are_given_when_google_does_not_answer) {
    ASSERT_TRUE(get(1, 200, granted("first")));
    clock.advance(std::chrono::seconds(3400));
    EXPECT_EQ(get(2, 503, "").value().reveal(), "first");
    clock.advance(std::chrono::seconds(300));
    const auto late = get(3, 503, "");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), Error(Errc::unavailable, "Google's sign-in answered 503"));
}

TEST_F(Tokens, are_fetched_once_however_many_wait) {
    std::vector<std::thread> callers;
    std::atomic<int> got{0};
    for (int i = 0; i < 4; ++i) callers.emplace_back([&] { got += kept() == "shared" ? 1 : 0; });
    http.answer(http.wait_for_call(1)->first, 200, granted("shared"));
    for (std::thread& one : callers) one.join();
    EXPECT_EQ(got, 4);
    EXPECT_EQ(http.started_calls(), 1U);
}

TEST_F(Tokens, that_are_short_lived_are_kept_for_half_of_their_life) {
    ASSERT_TRUE(get(1, 200, granted("short", 100)));
    clock.advance(std::chrono::seconds(49));
    EXPECT_EQ(kept(), "short");
    clock.advance(std::chrono::seconds(2));
    EXPECT_EQ(get(2, 200, granted("next", 100)).value().reveal(), "next");
}

TEST_F(Tokens, that_are_refused_say_who_is_not_let_in) {
    const auto none =
        get(1, 400, R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code(), Errc::unauthorized);
    EXPECT_EQ(none.error().message(),
              "Google does not let in the service account parley@acme.iam.gserviceaccount.com: it answered "
              "400 invalid_grant (Invalid JWT Signature.); the key was revoked, the account is disabled, or "
              "this machine's clock is wrong");
}

TEST_F(Tokens, that_firestore_does_not_take_are_forgotten) {
    ASSERT_TRUE(get(1, 200, granted("first")));
    tokens.forget(Secret("another"));
    EXPECT_EQ(kept(), "first");
    tokens.forget(Secret("first"));
    EXPECT_EQ(get(2, 200, granted("second")).value().reveal(), "second");
}

TEST(MetadataTokens, come_from_the_machine) {
    FakeHttpClient http;
    const FakeClock clock;
    AccessTokens tokens(make_metadata_tokens(http), clock);
    std::thread google([&] {
        const auto [id, call] = *http.wait_for_call(1);
        EXPECT_EQ(
            call.url,
            "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token");
        EXPECT_EQ(call.headers, (HttpHeaders{{"Metadata-Flavor", "Google"}}));
        http.answer(id, 200, R"({"access_token":"of the machine","expires_in":1200})");
    });
    EXPECT_EQ(tokens.get().value().reveal(), "of the machine");
    google.join();
}

}  // namespace
}  // namespace parley::firestore
