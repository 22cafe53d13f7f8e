#include "whatsapp/graph_error.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::chrono_literals;

HttpOutcome replied(int status, std::string body, HttpHeaders headers = {}) {
    HttpOutcome outcome;
    outcome.reply = HttpReply{status, std::move(headers), std::move(body)};
    return outcome;
}

HttpOutcome failed(HttpFailure::Kind kind, bool may_have_arrived) {
    HttpOutcome outcome;
    outcome.failure = {kind, may_have_arrived, "the line broke", false};
    return outcome;
}

std::string error_body(std::int32_t code, const std::string& more = "") {
    return R"({"error":{"message":"no","type":"OAuthException","code":)" + std::to_string(code) + more + "}}";
}

// R retry, P pair, L limit with its scope, else the class of the rejection; '?' for the rest.
char class_of(const SendOutcome& outcome) {
    if (const auto* later = std::get_if<RetryLater>(&outcome)) {
        if (later->scope == Scope::recipient) return 'P';
        return later->scope == Scope::message ? 'R' : 'L';
    }
    const auto* rejected = std::get_if<Rejected>(&outcome);
    return rejected ? rejected->error_class : '?';
}

TEST(GraphError, table_speaks_to_people) {
    for (const GraphErrorRow& row : graph_error_table()) EXPECT_GT(row.meaning.size(), 9U) << row.first;
    EXPECT_EQ(find_graph_error(199), nullptr);
    EXPECT_EQ(find_graph_error(300), nullptr);
    EXPECT_EQ(find_graph_error(-1), nullptr);
    EXPECT_EQ(find_graph_error(INT32_MAX), nullptr);
}

TEST(GraphError, is_read_whole_on_one_line) {
    const auto error = parse_graph_error(
        R"({"error":{"message":"(#131047)\nRe-engagement message","code":131047,"error_data":{"details":"more than\u000024 hours"},"error_subcode":2494055,"is_transient":false,"fbtrace_id":"Az8"}})");
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, 131047);
    EXPECT_EQ(error->subcode, 2494055);
    EXPECT_FALSE(error->is_transient);
    EXPECT_EQ(error->text, "(#131047) Re-engagement message: more than 24 hours [fbtrace_id Az8]");
    EXPECT_EQ(parse_graph_error(R"({"error":{"code":2,"error_data":"just text"}})")->text, "just text");
    EXPECT_EQ(parse_graph_error(R"({"error":{"code":2}})")->text, "Graph error 2");
    EXPECT_LE(parse_graph_error(R"({"error":{"message":")" + std::string(9000, 'x') + "\"}}")->text.size(),
              400U);
    EXPECT_FALSE(parse_graph_error("<html>"));
    EXPECT_FALSE(parse_graph_error(R"({"error":"text"})"));
    EXPECT_FALSE(parse_graph_error(R"({"messages":[]})"));
}

TEST(SendOutcomeOf, an_accepted_message_is_its_wamid) {
    const auto outcome =
        to_send_outcome(replied(200, R"({"messages":[{"id":"wamid.OUT1","message_status":"accepted"}]})"), 1);
    ASSERT_TRUE(std::holds_alternative<Sent>(outcome));
    EXPECT_EQ(std::get<Sent>(outcome).wamid.str(), "wamid.OUT1");
}

TEST(SendOutcomeOf, an_error_body_is_an_answer_whatever_the_status) {
    for (const int status : {200, 400, 401, 500, 503}) {
        EXPECT_EQ(class_of(to_send_outcome(replied(status, error_body(131047)), 1)), 'W') << status;
        EXPECT_EQ(class_of(to_send_outcome(replied(status, error_body(131016)), 1)), 'R') << status;
    }
}

TEST(SendOutcomeOf, transient_errors_are_tried_again_whatever_the_code) {
    EXPECT_EQ(class_of(to_send_outcome(replied(400, error_body(100, R"(,"is_transient":true)")), 1)), 'R');
    EXPECT_EQ(class_of(to_send_outcome(replied(400, error_body(424242, R"(,"is_transient":true)")), 1)), 'R');
    const auto limit = to_send_outcome(replied(400, error_body(130429, R"(,"is_transient":true)")), 1);
    EXPECT_EQ(std::get<RetryLater>(limit).scope, Scope::number);
}

TEST(SendOutcomeOf, unknown_codes_follow_the_status) {
    EXPECT_EQ(class_of(to_send_outcome(replied(400, error_body(424242)), 1)), 'N');
    EXPECT_EQ(class_of(to_send_outcome(replied(500, error_body(424242)), 1)), 'R');
    EXPECT_EQ(class_of(to_send_outcome(replied(429, error_body(424242)), 1)), 'L');
    EXPECT_EQ(class_of(to_send_outcome(replied(400, R"({"error":{"code":"no number"}})"), 1)), 'T');
}

TEST(SendOutcomeOf, a_lost_number_is_a_question_of_access) {
    EXPECT_EQ(class_of(to_send_outcome(replied(400, error_body(100, R"(,"error_subcode":33)")), 1)), 'T');
}

TEST(SendOutcomeOf, code_1_gets_one_more_chance) {
    EXPECT_EQ(class_of(to_send_outcome(replied(400, error_body(1)), 1)), 'R');
    EXPECT_EQ(class_of(to_send_outcome(replied(400, error_body(1)), 2)), 'N');
}

TEST(SendOutcomeOf, pair_limits_wait_four_times_longer_each_time) {
    const auto pause = [](std::uint32_t tries) {
        return std::get<RetryLater>(to_send_outcome(replied(400, error_body(131056)), tries)).after;
    };
    EXPECT_EQ(pause(1), 1s);
    EXPECT_EQ(pause(2), 4s);
    EXPECT_EQ(pause(3), 16s);
    EXPECT_EQ(pause(100), 1024s);
    EXPECT_EQ(pause(0), 1s);
}

TEST(SendOutcomeOf, waits_as_long_as_it_is_told) {
    const auto after = [](const char* value) {
        return std::get<RetryLater>(
                   to_send_outcome(replied(400, error_body(130429), {{"retry-after", value}}), 1))
            .after;
    };
    EXPECT_EQ(after("7"), 7s);
    EXPECT_EQ(after("0"), 1s);
    EXPECT_EQ(after("soon"), 1s);
    EXPECT_EQ(after("-3"), 1s);
    EXPECT_EQ(after("99999999"), 24h);
    EXPECT_EQ(
        std::get<RetryLater>(to_send_outcome(replied(429, "slow down", {{"retry-after", "9"}}), 1)).after,
        9s);
}

TEST(SendOutcomeOf, answers_that_are_not_graphs_leave_it_open_only_when_it_may_have_been_taken) {
    for (const int status : {200, 202, 408, 500, 502, 504}) {
        EXPECT_TRUE(std::holds_alternative<Unknown>(to_send_outcome(replied(status, "<html>"), 1))) << status;
    }
    EXPECT_TRUE(std::holds_alternative<Unknown>(to_send_outcome(replied(200, R"({"messages":[]})"), 1)));
    EXPECT_TRUE(
        std::holds_alternative<Unknown>(to_send_outcome(replied(200, R"({"messages":[{"id":""}]})"), 1)));
    EXPECT_EQ(class_of(to_send_outcome(replied(404, "<html>"), 1)), 'N');
    EXPECT_EQ(class_of(to_send_outcome(replied(302, ""), 1)), 'N');
    EXPECT_EQ(class_of(to_send_outcome(replied(401, ""), 1)), 'T');
}

TEST(SendOutcomeOf, a_failed_call_is_tried_again_only_when_it_surely_left_nobody) {
    using Kind = HttpFailure::Kind;
    const auto not_sent = to_send_outcome(failed(Kind::not_sent, false), 1);
    ASSERT_TRUE(std::holds_alternative<RetryLater>(not_sent));
    EXPECT_EQ(std::get<RetryLater>(not_sent).code, 0);
    EXPECT_TRUE(std::holds_alternative<RetryLater>(to_send_outcome(failed(Kind::cancelled, false), 1)));
    EXPECT_TRUE(std::holds_alternative<Unknown>(to_send_outcome(failed(Kind::cancelled, true), 1)));
    EXPECT_TRUE(std::holds_alternative<Unknown>(to_send_outcome(failed(Kind::in_doubt, true), 1)));
    EXPECT_TRUE(std::holds_alternative<Unknown>(to_send_outcome(failed(Kind::too_large, true), 1)));
}

std::string usage(const std::string& more) {
    return R"({"200000000000001":[{"type":"whatsapp","call_count":10,"total_cputime":1,"total_time":2)" +
           more + "}]}";
}

TEST(GraphUsage, asks_for_the_minutes_to_regain_access) {
    const auto wait_for = [](const std::string& header) {
        return wait_told({200, {{"x-business-use-case-usage", header}}, ""});
    };
    EXPECT_EQ(wait_for(usage(R"(,"estimated_time_to_regain_access":0)")), 0ms);
    EXPECT_EQ(wait_for(usage(R"(,"estimated_time_to_regain_access":7)")), 7min);
    EXPECT_EQ(wait_for(usage(R"(,"estimated_time_to_regain_access":999999999999)")), 24h);
    EXPECT_EQ(wait_for(R"({"1":[{"call_count":100}]})"), 60s);
    EXPECT_EQ(wait_for(R"({"1":[{"total_time":99}],"2":[{"total_time":101},{}]})"), 60s);
    for (const char* none :
         {"", "{", "[]", "7", "{}", R"({"1":7})", R"({"1":[7]})", R"({"1":[{"call_count":"x"}]})"})
        EXPECT_EQ(wait_for(none), 0ms) << none;
}

TEST(GraphUsage, leaves_a_message_sent_and_says_how_long_to_rest) {
    const HttpHeaders headers{
        {"x-business-use-case-usage", usage(R"(,"estimated_time_to_regain_access":2)")}};
    const SendOutcome sent = to_send_outcome(replied(200, R"({"messages":[{"id":"wamid.1"}]})", headers), 1);
    EXPECT_EQ(std::get<Sent>(sent).wamid.str(), "wamid.1");
    EXPECT_EQ(std::get<Sent>(sent).pause, 2min);
    EXPECT_EQ(std::get<Sent>(to_send_outcome(replied(200, R"({"messages":[{"id":"wamid.1"}]})"), 1)).pause,
              0ms);
}

TEST(GraphUsage, lengthens_the_wait_after_a_refusal) {
    const HttpHeaders headers{
        {"x-business-use-case-usage", usage(R"(,"estimated_time_to_regain_access":5)")}};
    const SendOutcome refused = to_send_outcome(replied(400, error_body(80007), headers), 1);
    EXPECT_EQ(std::get<RetryLater>(refused).after, 5min);
    EXPECT_EQ(std::get<RetryLater>(refused).scope, Scope::account);
}

}  // namespace
}  // namespace parley
