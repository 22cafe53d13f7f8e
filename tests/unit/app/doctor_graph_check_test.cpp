#include <gtest/gtest.h>

#include "app/doctor/graph_check.hpp"
#include "fakes/answering_http_client.hpp"
#include "fakes/fake_clock.hpp"
#include "unit/app/doctor_case.hpp"

namespace parley::doctor {
namespace {

using namespace test;

constexpr const char* graph_error =
    R"({"error":{"message":"An access token is required.","type":"OAuthException","code":104}})";

// What the fake clock shows.
constexpr const char* same_time = "Mon, 21 Sep 2026 14:13:20 GMT";

GraphAnswer examine(const HttpOutcome& outcome) {
    AnsweringHttpClient http([&](const HttpCall&) { return outcome; });
    const FakeClock clock;
    GraphAnswer answer = examine_graph({}, http, clock);
    EXPECT_TRUE(every_trouble_has_a_remedy(answer.report)) << lines(answer.report);
    return answer;
}

TEST(DoctorGraphCheck, passes_where_graph_answers_at_the_same_time) {
    const GraphAnswer answer = examine(AnsweringHttpClient::reply(
        400, graph_error, {{"date", same_time}, {"facebook-api-version", "v25.0"}}));
    EXPECT_TRUE(answer.has_answered);
    EXPECT_EQ(lines(answer.report),
              "pass graph https://graph.facebook.com: answers, v25.0\n"
              "pass clock : agrees with Meta's\n");
}

TEST(DoctorGraphCheck, tells_a_version_that_is_served_as_another) {
    const GraphAnswer answer =
        examine(AnsweringHttpClient::reply(400, graph_error, {{"facebook-api-version", "v27.0"}}));
    EXPECT_TRUE(has(answer.report, "warn graph https://graph.facebook.com: serves calls of v25.0 as v27.0"));
    EXPECT_TRUE(has(answer.report, "skip clock")) << "an answer without a date";
}

TEST(DoctorGraphCheck, fails_where_nobody_or_somebody_else_answers) {
    const GraphAnswer nobody =
        examine(AnsweringHttpClient::failure("Could not resolve host: graph.facebook.com"));
    EXPECT_FALSE(nobody.has_answered);
    EXPECT_TRUE(
        has(nobody.report, "fail graph https://graph.facebook.com: does not answer: Could not resolve"));
    const GraphAnswer untrusted =
        examine(AnsweringHttpClient::failure("SSL certificate problem: self-signed"));
    EXPECT_TRUE(has(untrusted.report, "no trusted connection"));
    const GraphAnswer page = examine(
        AnsweringHttpClient::reply(403, "<html>Blocked by your firewall</html>", {{"date", same_time}}));
    EXPECT_FALSE(page.has_answered);
    EXPECT_TRUE(has(page.report, "something else than Meta's Graph API answers: HTTP 403"));
}

TEST(DoctorGraphCheck, judges_the_clock_by_how_far_it_is_off) {
    EXPECT_EQ(judge_clock(Millis{-1'900}).verdict, Verdict::pass);
    EXPECT_EQ(judge_clock(Millis{59'000}).text, "59 seconds behind Meta's");
    EXPECT_EQ(judge_clock(Millis{59'000}).verdict, Verdict::pass);
    EXPECT_EQ(judge_clock(Millis{-61'000}).verdict, Verdict::warn);
    EXPECT_EQ(judge_clock(Millis{-61'000}).text, "61 seconds ahead of Meta's");
    EXPECT_EQ(judge_clock(Millis{301'000}).verdict, Verdict::fail);
    EXPECT_EQ(judge_clock(std::chrono::hours(25)).text,
              "25 hours behind Meta's: the 24-hour window and certificates are judged wrongly");
}

TEST(DoctorGraphCheck, compares_its_clock_with_the_date_of_the_answer) {
    const GraphAnswer answer =
        examine(AnsweringHttpClient::reply(400, graph_error, {{"date", "Mon, 21 Sep 2026 14:15:20 GMT"}}));
    EXPECT_TRUE(has(answer.report, "warn clock : 2 minutes behind Meta's")) << lines(answer.report);
}

TEST(DoctorGraphCheck, reads_dates_of_http_and_nothing_else) {
    EXPECT_EQ(parse_http_date(same_time), FakeClock().wall());
    EXPECT_FALSE(parse_http_date("21 Sep 2026 14:13:20 GMT"));
    EXPECT_FALSE(parse_http_date("Mon, 21 Sep 2026 14:13:20 GMT+2"));
    EXPECT_FALSE(parse_http_date(""));
}

}  // namespace
}  // namespace parley::doctor
