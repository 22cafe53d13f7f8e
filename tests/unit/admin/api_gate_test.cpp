#include "admin/api_gate.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

constexpr const char* key = "correct-horse-battery";

ApiGateOptions with_key(bool allow_anonymous = false) {
    return {{{"api_key", Secret{key}, {ApiScope::admin}}}, allow_anonymous};
}

FakeRequest from_here() {
    FakeRequest request;
    request.verb = "GET";
    request.where = "/api/status";
    request.headers = {{"Host", "localhost:8000"}};
    return request;
}
FakeRequest from_afar() {
    FakeRequest request = from_here();
    request.address = "203.0.113.9";
    request.headers = {{"Host", "parley.example"}};
    return request;
}
FakeRequest with(FakeRequest request, const std::string& name, const std::string& value) {
    request.headers.emplace_back(name, value);
    return request;
}

HttpResponse ask(const ApiGateOptions& options, const FakeRequest& request, ApiScope scope = ApiScope::read) {
    const ApiGate gate{options};
    const RouteHandler handler =
        gate.guard(scope, [](const HttpRequest&, const PathArguments&, Responder respond) {
            respond(HttpResponse::text(200, "inside"));
        });
    FakeExchange exchange;
    handler(request, {}, exchange.responder());
    return exchange.answer();
}

TEST(ApiGate, lets_the_holder_of_the_key_in) {
    EXPECT_EQ(ask(with_key(), with(from_afar(), "X-API-Key", key)).body, "inside");
    EXPECT_EQ(ask(with_key(), with(from_afar(), "x-api-key", key)).status, 200);
    EXPECT_EQ(ask(with_key(), with(from_afar(), "Authorization", std::string("Bearer ") + key)).status, 200);
}

// RFC 9110, 11.1: the name of a scheme has no case.
TEST(ApiGate, reads_bearer_in_any_case) {
    EXPECT_EQ(ask(with_key(), with(from_afar(), "Authorization", std::string("bearer ") + key)).status, 200);
    EXPECT_EQ(ask(with_key(), with(from_afar(), "Authorization", std::string("BEARER ") + key)).status, 200);
}

TEST(ApiGate, refuses_who_has_no_key) {
    const HttpResponse refused = ask(with_key(), from_afar());
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_NE(std::find(refused.headers.begin(), refused.headers.end(),
                        std::pair<std::string, std::string>("WWW-Authenticate", "Bearer")),
              refused.headers.end());
    EXPECT_EQ(ask(with_key(), from_here()).status, 401) << "also on this machine";
}

TEST(ApiGate, refuses_a_wrong_key_and_repeats_neither) {
    for (const std::string& wrong : {std::string("wrong-key-of-somebody"), std::string(key) + "x",
                                     std::string(key).substr(1), std::string("Correct-horse-battery")}) {
        for (const auto& request :
             {with(from_afar(), "X-API-Key", wrong), with(from_afar(), "Authorization", "Bearer " + wrong)}) {
            const HttpResponse refused = ask(with_key(), request);
            EXPECT_EQ(refused.status, 401) << wrong;
            EXPECT_EQ(refused.body.find(wrong), std::string::npos);
            EXPECT_EQ(refused.body.find(key), std::string::npos);
        }
    }
}

TEST(ApiGate, takes_the_key_in_no_other_form) {
    EXPECT_EQ(ask(with_key(), with(from_afar(), "Authorization", key)).status, 401);
    EXPECT_EQ(ask(with_key(), with(from_afar(), "Authorization", std::string("Basic ") + key)).status, 401);
    EXPECT_EQ(ask(with_key(), with(from_afar(), "Authorization", "Bearer ")).status, 401);
    EXPECT_EQ(ask(with_key(), with(from_afar(), "Authorization", "Bearer")).status, 401);
    EXPECT_EQ(ask(with_key(), with(from_afar(), "X-API-Key", std::string("Bearer ") + key)).status, 401);
    FakeRequest in_query = from_afar();
    in_query.question = std::string("api_key=") + key;
    EXPECT_EQ(ask(with_key(), in_query).status, 401);
}

TEST(ApiGate, is_closed_to_all_when_no_key_is_configured) {
    for (const auto& request :
         {from_afar(), from_here(), with(from_afar(), "X-API-Key", ""),
          with(from_afar(), "Authorization", "Bearer "), with(from_afar(), "X-API-Key", key)}) {
        const HttpResponse refused = ask({}, request);
        EXPECT_EQ(refused.status, 403);
        EXPECT_NE(refused.body.find("admin.api_key"), std::string::npos) << "says what to configure";
    }
}

TEST(ApiGate, lets_anybody_on_this_machine_in_where_that_is_configured) {
    EXPECT_EQ(ask({{}, true}, from_here()).status, 200);
    EXPECT_EQ(ask(with_key(true), from_here()).status, 200);
    EXPECT_EQ(ask(with_key(true), with(from_here(), "X-API-Key", "wrong")).status, 200);
}

TEST(ApiGate, takes_nobody_from_elsewhere_for_somebody_on_this_machine) {
    EXPECT_EQ(ask({{}, true}, from_afar()).status, 403);
    EXPECT_EQ(ask(with_key(true), from_afar()).status, 401);
    EXPECT_EQ(ask(with_key(true), with(from_here(), "X-Forwarded-For", "203.0.113.9")).status, 401);
    EXPECT_EQ(ask(with_key(true), with(from_here(), "Origin", "https://evil.example")).status, 401);
    FakeRequest rebound = from_here();
    rebound.headers = {{"Host", "evil.example"}};
    EXPECT_EQ(ask(with_key(true), rebound).status, 401);
}

TEST(ApiGate, opens_to_each_key_what_its_scopes_say) {
    const ApiGateOptions options{{{"dashboard", Secret{"key-of-dashboard"}, {ApiScope::read}},
                                  {"crm", Secret{"key-of-crm"}, {ApiScope::read, ApiScope::send}},
                                  {"sender", Secret{"key-of-sender"}, {ApiScope::send}},
                                  {"ops", Secret{"key-of-ops"}, {ApiScope::admin}}},
                                 false};
    const auto statuses = [&](const char* given) {
        std::string all;
        for (const ApiScope scope : {ApiScope::read, ApiScope::send, ApiScope::admin})
            all += std::to_string(ask(options, with(from_afar(), "X-API-Key", given), scope).status) + " ";
        return all;
    };
    EXPECT_EQ(statuses("key-of-dashboard"), "200 403 403 ");
    EXPECT_EQ(statuses("key-of-crm"), "200 200 403 ");
    EXPECT_EQ(statuses("key-of-sender"), "403 200 403 ");
    EXPECT_EQ(statuses("key-of-ops"), "200 200 200 ");
    EXPECT_EQ(statuses("key-of-nobody"), "401 401 401 ");
    const HttpResponse refused = ask(options, with(from_afar(), "X-API-Key", "key-of-crm"), ApiScope::admin);
    EXPECT_NE(refused.body.find("scope \\\"admin\\\""), std::string::npos) << refused.body;
}

TEST(ApiGate, logs_with_the_name_of_the_key_what_is_more_than_reading) {
    const ApiGateOptions options{{{"crm", Secret{"key-of-crm"}, {ApiScope::read, ApiScope::send}}}, false};
    const FakeRequest request = with(from_afar(), "X-API-Key", "key-of-crm");
    const auto logged = [&](ApiScope scope) {
        testing::internal::CaptureStderr();
        ask(options, request, scope);
        return testing::internal::GetCapturedStderr();
    };
    EXPECT_EQ(logged(ApiScope::read), "");
    const std::string sent = logged(ApiScope::send);
    for (const char* words : {"api call ", "key=crm", "path=/api/status", "client=203.0.113.9"})
        EXPECT_NE(sent.find(words), std::string::npos) << sent;
    const std::string refused = logged(ApiScope::admin);
    EXPECT_NE(refused.find("api call refused"), std::string::npos) << refused;
    EXPECT_EQ((sent + refused).find("key-of-crm"), std::string::npos) << "no secret";
}

TEST(ApiGate, takes_a_new_key_at_once_and_the_old_one_no_more) {
    ApiGate gate{with_key()};
    const RouteHandler handler =
        gate.guard(ApiScope::admin, [](const HttpRequest&, const PathArguments&, Responder respond) {
            respond(HttpResponse::text(200, "inside"));
        });
    const auto status_with = [&](const char* given) {
        FakeExchange exchange;
        handler(with(from_afar(), "X-API-Key", given), {}, exchange.responder());
        return exchange.answer().status;
    };
    EXPECT_EQ(status_with(key), 200);
    gate.replace_keys({{"other", Secret{"another-key"}, {ApiScope::admin}}});
    EXPECT_EQ(status_with(key), 401);
    EXPECT_EQ(status_with("another-key"), 200);
    gate.replace_keys({{"other", {}, {ApiScope::admin}}});
    EXPECT_EQ(status_with("another-key"), 403);
}

}  // namespace
}  // namespace parley
