// What each error of Meta's registration and verification becomes for somebody who sets a number up.
#include "whatsapp/setup_advice.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::chrono_literals;
using enum Errc;

SetupFailure failure_of(int status, const std::string& error) {
    HttpOutcome outcome;
    outcome.reply = HttpReply{status, {}, "{\"error\":{" + error + "}}"};
    return find_setup_failure(outcome, {Secret("EAATOKEN"), Secret("135790")}).value();
}

struct Documented {
    int status;
    const char* error;
    Errc kind;
    std::chrono::seconds wait;  // of kinds that wait
    const char* meaning;        // a part of it
    const char* remedy;         // a part of it
};

constexpr Documented documented[] = {
    {401, R"("code":0)", unauthorized, 0s, "cannot be authenticated", "whatsapp_business_management"},
    {400, R"("code":1)", unavailable, 0s, "unknown error", "try again"},
    {503, R"("code":2)", unavailable, 0s, "down or overloaded", "try again"},
    {400, R"("code":4)", busy, 60s, "call limit", "wait"},
    {403, R"("code":10)", unauthorized, 0s, "permission", "whatsapp_business_management"},
    {400, R"("code":33)", not_found, 0s, "no such number or account", "phone_number_id"},
    {400, R"("code":100)", invalid_input, 0s, "does not take a value", "correct"},
    {400, R"("code":100,"error_subcode":33)", not_found, 0s, "no such number or account", "assigned"},
    {400, R"("code":100,"error_subcode":2388103)", conflict, 0s, "migrated", "WhatsApp Manager"},
    {401, R"("code":190,"error_subcode":463)", unauthorized, 0s, "expired or was revoked", "system user"},
    {403, R"("code":200)", unauthorized, 0s, "permission", "whatsapp_business_management"},
    {403, R"("code":368)", unauthorized, 0s, "policy violations", "appeal"},
    {400, R"("code":2200)", invalid_input, 0s, "did not answer", "reachable"},
    {400, R"("code":80007)", busy, 60s, "call limit", "5000"},
    {400, R"("code":80008)", busy, 60s, "too many calls", "5000"},
    {500, R"("code":131000)", unavailable, 0s, "went wrong", "try again"},
    {403, R"("code":131031)", unauthorized, 0s, "locked", "PIN"},
    {400, R"("code":131037)", conflict, 0s, "display name", "review"},
    {500, R"("code":131045)", conflict, 0s, "not registered correctly", "register the number again"},
    {500, R"("code":133000)", conflict, 0s, "deregistration", "deregister the number again"},
    {503, R"("code":133004)", unavailable, 0s, "registration is unavailable", "try again"},
    {400, R"("code":133005)", invalid_input, 0s, "PIN", "that was set first"},
    {400, R"("code":133006)", conflict, 0s, "verified before", "ask for a verification code"},
    {400, R"("code":133008)", busy, 1h, "too many wrong PINs", "wait"},
    {400, R"("code":133009)", busy, 60s, "too fast", "wait a minute"},
    {400, R"("code":133010)", conflict, 0s, "not registered", "register the number"},
    {400, R"("code":133015)", busy, 300s, "deleted a moment ago", "5 minutes"},
    {400, R"("code":133016)", busy, 72h, "10 times within 72 hours", "wait 72 hours"},
    {400, R"("code":136024)", busy, 60s, "did not send", "sms or voice"},
    {400, R"("code":136024,"error_subcode":2388091)", busy, 1h, "cannot send a code", "wait an hour"},
    {400, R"("code":136024,"error_subcode":2388366)", conflict, 0s, "verified already", "register"},
    {400, R"("code":136024,"error_subcode":2388367)", busy, 72h, "too many codes", "wait 72 hours"},
    {400, R"("code":136025)", invalid_input, 0s, "wrong or has expired", "ask for a new one"},
    {400, R"("code":2388001)", conflict, 0s, "migrated", "WhatsApp Manager"},
    {400, R"("code":2494100)", busy, 60s, "maintenance", "a minute"},
    {400, R"("code":987654)", invalid_input, 0s, "not known here", "correct the request"},
    {500, R"("code":987654)", unavailable, 0s, "not known here", "try again"},
    {400, R"("code":987654,"is_transient":true)", unavailable, 0s, "not known here", "try again"},
    {400, R"("code":100,"is_transient":true)", unavailable, 0s, "does not take a value", "try again"},
};

class SetupAdviceTest : public testing::TestWithParam<Documented> {};

TEST_P(SetupAdviceTest, says_what_it_means_and_what_to_do_next) {
    const Documented& wanted = GetParam();
    const SetupFailure failure = failure_of(wanted.status, wanted.error);
    EXPECT_EQ(failure.kind, wanted.kind) << to_string(failure.kind);
    EXPECT_EQ(failure.wait, Millis(wanted.wait));
    EXPECT_EQ(failure.is_retryable, wanted.kind == busy || wanted.kind == unavailable);
    EXPECT_EQ(failure.http_status, wanted.status);
    EXPECT_NE(failure.meaning.find(wanted.meaning), std::string::npos) << failure.meaning;
    EXPECT_NE(failure.remedy.find(wanted.remedy), std::string::npos) << failure.remedy;
}

INSTANTIATE_TEST_SUITE_P(Documented, SetupAdviceTest, testing::ValuesIn(documented));

TEST(SetupAdvice, tells_the_reason_in_metas_words_without_secrets) {
    const SetupFailure failure = failure_of(
        400,
        R"("message":"Request code error","code":136024,"error_subcode":2388367,"fbtrace_id":"Ab",)"
        R"("error_user_title":"t","error_user_msg":"EAATOKEN asked too often with 135790 and EAATOKEN")");
    EXPECT_EQ(failure.reason, "Request code error: *** asked too often with *** and *** [fbtrace_id Ab]");
}

TEST(SetupAdvice, a_secret_that_looks_like_a_blot_is_blotted_out_once) {
    HttpOutcome outcome;
    outcome.reply = HttpReply{400, {}, R"({"error":{"code":2200,"message":"a * b ** c"}})"};
    EXPECT_EQ(find_setup_failure(outcome, {Secret("*")})->reason.find(" b "), 5U);
}

TEST(SetupAdvice, a_longer_wait_that_meta_asks_for_counts) {
    HttpOutcome outcome;
    outcome.reply = HttpReply{400, {{"retry-after", "600"}}, R"({"error":{"code":133009}})"};
    EXPECT_EQ(find_setup_failure(outcome, {})->wait, Millis(600s));
}

TEST(SetupAdvice, no_answer_and_foreign_answers_are_told_apart) {
    HttpOutcome broken;
    broken.failure = {HttpFailure::Kind::not_sent, false, "connection refused"};
    const auto failure = find_setup_failure(broken, {Secret("EAATOKEN")});
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->kind, unavailable);
    EXPECT_EQ(failure->meaning, "there was no answer of Meta");
    EXPECT_EQ(failure->reason, "connection refused");

    HttpOutcome page;
    page.reply = HttpReply{502, {}, "<html>"};
    const auto foreign = find_setup_failure(page, {Secret("EAATOKEN")});
    EXPECT_EQ(foreign->kind, unavailable);
    EXPECT_EQ(foreign->meaning, "something else than Meta's Graph API answered");
}

TEST(SetupAdvice, success_false_is_a_failure) {
    HttpOutcome outcome;
    outcome.reply = HttpReply{200, {}, R"({"success":false})"};
    ASSERT_TRUE(find_setup_failure(outcome, {}));
    EXPECT_FALSE(find_setup_failure(outcome, {})->meaning.empty());
    outcome.reply = HttpReply{200, {}, R"({"success":true})"};
    EXPECT_FALSE(find_setup_failure(outcome, {}));
}

}  // namespace
}  // namespace parley
