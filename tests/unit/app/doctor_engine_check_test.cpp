#include <map>

#include <gtest/gtest.h>

#include "app/doctor/engine_check.hpp"
#include "fakes/answering_http_client.hpp"
#include "unit/app/config_case.hpp"
#include "unit/app/doctor_case.hpp"

namespace parley::doctor {
namespace {

using namespace test;
using Http = AnsweringHttpClient;

class DoctorEngineCheck : public testing::Test {
  protected:
    EngineAnswer examine(const std::string& only = "") {
        Http http([this](const HttpCall& call) {
            const auto found = answers.find(call.url.substr(std::string("http://127.0.0.1:8000").size()));
            if (found == answers.end()) return Http::failure("Connection refused");
            for (const auto& [name, value] : call.headers)
                EXPECT_TRUE(call.url.find("/api/") != call.url.npos) << name;
            return found->second;
        });
        EngineAnswer answer = examine_engine("http://127.0.0.1:8000", config, only, http);
        EXPECT_TRUE(every_trouble_has_a_remedy(answer.report)) << lines(answer.report);
        return answer;
    }

    Config config =
        parley::test::load(parley::test::with_deployment("admin: { api_key: \"${API_KEY}\" }\n")).config;
    std::map<std::string, HttpOutcome> answers{
        {"/health", Http::reply(200, R"({"status":"healthy","version":")" PARLEY_VERSION R"("})")},
        {"/ready", Http::reply(200, R"({"status":"ready"})")},
        {"/api/status", Http::reply(200, R"({"backlog":{"open":1,"unsent":2,"held":0},
                             "stored":{"messages":7,"unrouted":0,"dead_letters":0}})")},
        {"/api/deployments",
         Http::reply(200, R"({"data":[{"id":"a","not_sending_because":null,"agent":{"id":"echo"}}]})")}};
};

TEST_F(DoctorEngineCheck, passes_an_engine_that_is_well) {
    const EngineAnswer answer = examine();
    EXPECT_TRUE(answer.has_answered);
    EXPECT_EQ(lines(answer.report),
              "pass engine http://127.0.0.1:8000: runs, version " PARLEY_VERSION
              "\n"
              "pass backlog http://127.0.0.1:8000: 1 message open, 2 unsent, 7 ever stored\n"
              "pass deployment a: runs\n");
}

TEST_F(DoctorEngineCheck, fails_where_no_engine_answers) {
    answers.clear();
    const EngineAnswer answer = examine();
    EXPECT_FALSE(answer.has_answered);
    EXPECT_TRUE(has(answer.report,
                    "fail engine http://127.0.0.1:8000: no engine answers: Connection refused → start it"));
    answers["/health"] = Http::reply(200, "<html>");
    EXPECT_TRUE(has(examine().report, "another program answers there: HTTP 200 to /health"));
}

TEST_F(DoctorEngineCheck, tells_another_version_and_why_it_is_not_ready) {
    answers["/health"] = Http::reply(200, R"({"version":"9.9.9"})");
    answers["/ready"] = Http::reply(503, R"({"detail":"the store cannot be written"})");
    const Report report = examine().report;
    EXPECT_TRUE(has(report, "runs version 9.9.9, this program is " PARLEY_VERSION));
    EXPECT_TRUE(has(report, "fail ready http://127.0.0.1:8000: is not ready: the store cannot be written"));
}

TEST_F(DoctorEngineCheck, warns_of_what_piled_up) {
    answers["/api/status"] =
        Http::reply(200, R"({"backlog":{"held":2},"stored":{"unrouted":1,"dead_letters":3}})");
    const Report report = examine().report;
    EXPECT_TRUE(has(report, "warn held http://127.0.0.1:8000: 2 messages held"));
    EXPECT_TRUE(has(report, "warn unrouted http://127.0.0.1:8000: 1 item for numbers without a deployment"));
    EXPECT_TRUE(has(report, "warn dead-letters http://127.0.0.1:8000: 3 messages given up"));
}

TEST_F(DoctorEngineCheck, tells_which_deployment_does_not_run_or_send) {
    answers["/api/deployments"] = Http::reply(
        200, R"({"data":[{"id":"b","not_sending_because":"190 expired","agent":{"problem":"it crashed",
                "health":{"state":"degraded","text":"no model"}}}]})");
    const Report report = examine().report;
    EXPECT_TRUE(has(report, "warn deployment a: is in the file, but the engine does not run it"));
    EXPECT_TRUE(has(report, "fail deployment b: sends nothing: 190 expired"));
    EXPECT_TRUE(has(report, "fail deployment b: its agent does not run: it crashed"));
    EXPECT_TRUE(has(report, "warn deployment b: its agent is degraded: no model"));
    EXPECT_FALSE(has(examine("a").report, "deployment b")) << "only a was asked for";
}

TEST_F(DoctorEngineCheck, survives_answers_of_another_form) {
    answers["/api/status"] = Http::reply(200, R"({"backlog":7,"stored":{"dead_letters":"many"}})");
    for (const char* odd :
         {R"({"data":[7,{"id":7,"agent":[]},null]})", R"([])", "not JSON", R"({"data":{}})"}) {
        answers["/api/deployments"] = Http::reply(200, odd);
        EXPECT_TRUE(examine().has_answered) << odd;
    }
}

TEST_F(DoctorEngineCheck, explains_a_key_that_is_refused_or_missing) {
    answers["/api/status"] = Http::reply(401, "{}");
    EXPECT_TRUE(has(examine().report, "answers 401 to /api/status → the engine has another admin.api_key"));
    config.admin.api_key = Secret();
    EXPECT_TRUE(has(examine().report, "skip backlog"));
}

TEST(DoctorEngineUrl, is_where_this_machine_reaches_the_engine) {
    Config config;
    EXPECT_EQ(engine_url(config), "http://127.0.0.1:8000");
    config.server.listen = "0.0.0.0:80";
    EXPECT_EQ(engine_url(config), "http://127.0.0.1:80");
    config.server.listen = "[::]:8000";
    EXPECT_EQ(engine_url(config), "http://[::1]:8000");
    config.server.listen = "127.0.0.1:0";
    EXPECT_EQ(engine_url(config), "");
    config.server = {};
    config.server.tls.certificate = "chain.pem";
    EXPECT_EQ(engine_url(config), "") << "the certificate's name is not 127.0.0.1";
}

}  // namespace
}  // namespace parley::doctor
