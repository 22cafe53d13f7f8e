#include <gtest/gtest.h>

#include "app/doctor/door_check.hpp"
#include "fakes/answering_http_client.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"
#include "net/http_message.hpp"
#include "unit/app/doctor_case.hpp"
#include "whatsapp/signature.hpp"

namespace parley::doctor {
namespace {

using namespace test;
using Http = AnsweringHttpClient;

constexpr const char* address = "https://bot.example.com/webhook";

class DoctorDoorCheck : public testing::Test {
  protected:
    DoctorDoorCheck() {
        app.id = AppId("default");
        app.app_secrets = {Secret("s3cret-of-the-app")};
        app.verify_token = Secret("verify me, please");
    }

    // What an engine does.
    HttpOutcome engine(const HttpCall& call) const {
        if (call.method == "GET") {
            const std::string query = call.url.substr(call.url.find('?') + 1);
            if (query_value(query, "hub.verify_token") != token_of_the_engine)
                return problem(403, "verification failed");
            return Http::reply(200, query_value(query, "hub.challenge"));
        }
        const bool is_signed =
            call.headers.back().second == make_signature(Secret(secret_of_the_engine), call.body);
        if (!is_signed) return problem(401, "signature mismatch");
        return Http::reply(200, R"({"status":"ok","accepted":0,"duplicates":0,"unrouted":0,"refused":0})");
    }
    static HttpOutcome problem(int status, const std::string& detail) {
        return Http::reply(status,
                           R"({"status":)" + std::to_string(status) + R"(,"detail":")" + detail + "\"}",
                           {{"content-type", "application/problem+json"}});
    }

    Report examine(const Http::Answer& answer) {
        Http http(answer);
        Report report = examine_door({url, &app, app.verify_token, is_public},
                                     {http, clock, random, [this](const auto&) { return certificate; }});
        calls = http.calls();
        EXPECT_TRUE(every_trouble_has_a_remedy(report)) << lines(report);
        for (const char* secret : {"s3cret-of-the-app", "verify me, please", "verify%20me%2C%20please"})
            EXPECT_FALSE(has(report, secret)) << lines(report);
        return report;
    }
    Report examine_engine() {
        return examine([this](const HttpCall& call) { return engine(call); });
    }
    Report examine_answer(const HttpOutcome& outcome) {
        return examine([&](const HttpCall&) { return outcome; });
    }

    FakeClock clock;
    FakeRandom random;
    AppConfig app;
    std::string url = address;
    bool is_public = true;
    Result<WallTime> certificate = clock.wall() + std::chrono::hours(24 * 60);
    std::string token_of_the_engine = "verify me, please";
    std::string secret_of_the_engine = "s3cret-of-the-app";
    std::vector<HttpCall> calls;
};

TEST_F(DoctorDoorCheck, passes_an_engine_with_the_same_secrets) {
    const std::string at = std::string(" ") + address + ": ";
    EXPECT_EQ(lines(examine_engine()), "pass certificate" + at +
                                           "ends on 2026-11-20, in 60 days\n"
                                           "pass verification" +
                                           at +
                                           "takes the verify token and gives the challenge back\n"
                                           "pass signature" +
                                           at + "a signed webhook is taken, a forged one refused\n");
}

TEST_F(DoctorDoorCheck, posts_nothing_that_could_be_stored) {
    examine_engine();
    ASSERT_EQ(calls.size(), 3U);
    for (const HttpCall& call : calls) {
        if (call.method != "POST") continue;
        EXPECT_EQ(call.body, R"({"object":"whatsapp_business_account","entry":[]})");
    }
}

TEST_F(DoctorDoorCheck, tells_a_wrong_verify_token_and_still_looks_at_the_signature) {
    token_of_the_engine = "another";
    const Report report = examine_engine();
    EXPECT_TRUE(has(report, "fail verification")) << lines(report);
    EXPECT_TRUE(has(report, "refuses the verify token"));
    EXPECT_TRUE(has(report, "pass signature"));
}

TEST_F(DoctorDoorCheck, tells_a_wrong_secret) {
    secret_of_the_engine = "another";
    EXPECT_TRUE(
        has(examine_engine(), "refuses what is signed with the secret of app default → the engine that"));
    is_public = false;
    EXPECT_TRUE(has(examine_engine(), "→ the running engine has another secret: reload it (SIGHUP)"));
}

TEST_F(DoctorDoorCheck, tells_what_stands_before_the_engine) {
    struct Case {
        HttpOutcome outcome;
        const char* words;
    };
    for (const Case& one : {
             Case{Http::reply(200, "<html>Welcome to nginx</html>", {{"content-type", "text/html"}}),
                  "not with the challenge alone: HTTP 200 with a page of HTML"},
             Case{Http::reply(502, "Bad Gateway"), "the proxy does not reach the engine: HTTP 502"},
             Case{Http::reply(301, "", {{"location", "https://www.example.com/"}}), "redirects"},
             Case{Http::reply(404, ""), "expected the challenge, got HTTP 404"},
             Case{Http::reply(403, "Forbidden by WAF"),
                  "expected the challenge, got HTTP 403 with \"Forbidden"},
             Case{Http::failure("Connection timed out after 5000 milliseconds"),
                  "does not answer: Connection timed"},
         }) {
        const Report report = examine_answer(one.outcome);
        EXPECT_TRUE(has(report, "fail verification")) << one.words;
        EXPECT_TRUE(has(report, one.words)) << lines(report);
        EXPECT_EQ(calls.size(), 1U) << "nothing is posted to a stranger: " << one.words;
    }
}

TEST_F(DoctorDoorCheck, does_not_judge_a_door_that_is_open_to_meta_only) {
    const Report report = examine_answer(problem(403, "webhooks are not taken from this address"));
    EXPECT_FALSE(has_failed(report)) << lines(report);
    EXPECT_TRUE(has(report, "skip verification"));
    EXPECT_TRUE(has(report, "skip signature"));
    EXPECT_FALSE(has_failed(examine_answer(problem(429, "this address has sent no good signature lately"))));
}

TEST_F(DoctorDoorCheck, fails_where_a_forged_signature_is_taken) {
    const Report report = examine([this](const HttpCall& call) {
        return call.method == "GET" ? engine(call) : Http::reply(200, R"({"accepted":0})");
    });
    EXPECT_TRUE(has(report, "fail signature")) << lines(report);
    EXPECT_TRUE(has(report, "takes a webhook with a wrong signature"));
}

TEST_F(DoctorDoorCheck, wants_parleys_own_answer_to_a_signed_post) {
    const Report report = examine([this](const HttpCall& call) {
        return call.method == "GET" ? engine(call) : Http::reply(200, "OK");
    });
    EXPECT_TRUE(has(report, "answers a webhook in another way than Parley: HTTP 200 with \"OK\""))
        << lines(report);
    EXPECT_TRUE(has(examine([this](const HttpCall& call) {
                        return call.method == "GET" ? engine(call) : problem(503, "it cannot be stored now");
                    }),
                    "fail signature https://bot.example.com/webhook: cannot store now"));
}

TEST_F(DoctorDoorCheck, keeps_the_verify_token_out_of_what_a_stranger_sends_back) {
    examine([](const HttpCall& call) { return Http::reply(200, "you asked " + percent_decode(call.url)); });
    examine([](const HttpCall& call) { return Http::failure("no way to " + call.url); });
    app.verify_token = Secret("word");
    const Report redirected = examine([](const HttpCall& call) {
        return Http::reply(308, "", {{"location", call.url}});
    });
    EXPECT_FALSE(has(redirected, "word")) << lines(redirected);
    EXPECT_TRUE(has(redirected, "HTTP 308 to https://bot.example.com/webhook")) << lines(redirected);
}

TEST_F(DoctorDoorCheck, judges_the_certificate_first) {
    certificate = Error(Errc::unavailable, "SSL certificate problem: self-signed certificate");
    const Report untrusted = examine_engine();
    EXPECT_EQ(untrusted.size(), 1U);
    EXPECT_TRUE(has(untrusted, "fail certificate https://bot.example.com/webhook: no trusted connection"));
    EXPECT_TRUE(calls.empty());
    certificate = clock.wall() + std::chrono::hours(30);
    EXPECT_TRUE(has(examine_engine(),
                    "warn certificate https://bot.example.com/webhook: ends on 2026-09-22, in 1 day"));
    url = "http://bot.example.com/webhook";
    EXPECT_TRUE(has(examine_engine(), "is no https:// address"));
    is_public = false;
    EXPECT_FALSE(has(examine_engine(), "certificate"));
}

}  // namespace
}  // namespace parley::doctor
