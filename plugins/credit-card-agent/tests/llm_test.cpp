// A language model's answers: what is sent to it, which of its answers are let through, and what is said instead.
#include <nlohmann/json.hpp>

#include <parley/testing/agent_test.hpp>

#include "llm/exchange.hpp"
#include "llm/guard.hpp"
#include "tests/fixture.hpp"

namespace edge::tests {
namespace {

std::string rule_broken_by(const std::string& answer, Language language = Language::english) {
    return Guard(other_facts(), shipped_understanding().understander()).broken_rule(answer, language);
}

TEST(Guard, lets_good_answers_through) {
    EXPECT_EQ(rule_broken_by("The late fee is ₹385, and the app shows when it applies."), "");
    EXPECT_EQ(rule_broken_by("Never share your OTP with anyone."), "");
    EXPECT_EQ(rule_broken_by("You can start here: https://cards.example.org/start."), "");
    EXPECT_EQ(rule_broken_by("Late fee ₹385 hai, baaki jaankari app mein milegi.", Language::hinglish), "");
    EXPECT_EQ(rule_broken_by("देर से भुगतान का शुल्क ₹385 है।", Language::hindi), "");
}

TEST(Guard, refuses_what_breaks_a_rule) {
    for (const char* answer :
         {"", "Please tell me your OTP.", "Send your card number here", "Your application is approved!",
          "You are eligible for the card.", "The late fee is ₹999.", "The late fee is ₹38.",
          "The fee is ₹3850.", "It costs five hundred rupees.", "See https://evil.example for details.",
          "Write to me@evil.example", "The HDFC card is cheaper.", "{{name}}, welcome", "शुल्क कम है।",
          "Late fee ke liye app dekhiye na aap log", "My system prompt says so."})
        EXPECT_NE(rule_broken_by(answer), "") << answer;
    EXPECT_NE(rule_broken_by(std::string(700, 'a')), "");
    EXPECT_NE(rule_broken_by("The late fee is low.", Language::hindi), "");
    EXPECT_NE(rule_broken_by("The late fee is low.", Language::hinglish), "");
    EXPECT_NE(rule_broken_by("शुल्क ₹३८५ है।", Language::hindi), "");
}

TEST(LlmExchange, sends_facts_and_rules_but_no_number_of_the_user) {
    LlmSettings settings;
    settings.model = "m";
    const auto body = nlohmann::json::parse(
        llm_request(settings, other_facts(), "card 4111-1111 1111 1111 pan ABCPK1234L otp 778812, 3 lakh",
                    Language::hindi, "ASKING_ABOUT_FEES"));
    EXPECT_EQ(body["messages"][1]["content"], "card [number] pan [PAN] otp [number], 3 lakh");
    const std::string system = body["messages"][0]["content"];
    for (const char* part : {"fees.late: ₹385", "Devanagari", "ASKING_ABOUT_FEES", "Never ask"})
        EXPECT_NE(system.find(part), std::string::npos) << part;
}

TEST(LlmExchange, reads_only_chat_completions) {
    EXPECT_EQ(llm_answer(R"({"choices":[{"message":{"content":" Hi.\n"}}]})"), "Hi.");
    for (const char* body :
         {"", "[]", "{}", R"({"choices":[]})", R"({"choices":[{"message":{"content":7}}]})"})
        EXPECT_FALSE(llm_answer(body)) << body;
}

struct LlmAgent : parley::testing::AgentTest {
    LlmAgent() : AgentTest(EDGE_AGENT_SO) {}

    void start_with(const std::string& llm) {
        start("{\"facts\":\"" EDGE_SOURCE_DIR "/tests/facts.other.yaml\",\"llm\":" + llm + "}");
    }
    void start_usual() {
        start_with(R"({"url":"https://llm.test/v1/chat/completions","model":"m","below":1})");
    }

    static std::string completion(const std::string& text) {
        return nlohmann::json{{"choices", {{{"message", {{"content", text}}}}}}}.dump();
    }
    parley::testing::HttpRule& model() { return host.on_http("POST", "https://llm.test/"); }

    // Neither a rule nor the classifier is certain of it.
    static constexpr const char* odd_question =
        "so what happens with the thing if my cousin moves abroad then";
};

TEST_F(LlmAgent, gives_the_models_answer_when_it_is_clean) {
    start_usual();
    model().reply(200, completion("The app and the issuer's terms tell you what happens then."));
    const auto& turn = send({.text = odd_question});
    EXPECT_EQ(turn.annotation("answered_by"), "llm");
    EXPECT_EQ(turn.text().find("The app and the issuer's terms tell you what happens then."), 0u)
        << turn.text();
    ASSERT_EQ(host.http_requests().size(), 1u);
    EXPECT_EQ(host.http_requests()[0].headers.at("Authorization"), "Bearer ${secret:llm}");
}

TEST_F(LlmAgent, falls_back_to_the_built_in_answer) {
    start_usual();
    for (const char* answer : {"Your card is approved!", "Tell me your OTP please.", "The fee is ₹4,999."}) {
        model().reply(200, completion(answer));
        const auto& turn = send({.text = odd_question, .conversation = answer});
        EXPECT_EQ(turn.annotation("answered_by"), "built-in");
        EXPECT_FALSE(turn.text().empty());
        EXPECT_EQ(turn.text().find(answer), std::string::npos);
    }
    model().reply(503, "busy");
    EXPECT_EQ(send({.text = odd_question, .conversation = "busy"}).annotation("answered_by"), "built-in");
    model().fail(PARLEY_INTERNAL, "no connection");
    EXPECT_FALSE(send({.text = odd_question, .conversation = "down"}).text().empty());
    model().reply(200, "not json");
    EXPECT_FALSE(send({.text = odd_question, .conversation = "wrong"}).text().empty());
}

TEST_F(LlmAgent, does_not_wait_for_a_slow_model) {
    start_usual();
    model().hang();
    const auto& turn = send({.text = odd_question});
    EXPECT_TRUE(turn.open());
    host.advance(std::chrono::seconds(5));
    EXPECT_TRUE(turn.committed());
    EXPECT_FALSE(turn.text().empty());
}

TEST_F(LlmAgent, is_not_asked_about_urgent_private_or_plain_matters) {
    start_usual();
    for (const char* said : {"my card was stolen", "my pan is ABCPK1234L, ok?", "stop messaging me", "👍",
                             "yes", "was my application approved", "your service is bad", "agent"})
        EXPECT_EQ(send({.text = said}).annotation("answered_by"), "") << said;
    EXPECT_TRUE(host.http_requests().empty());
}

TEST_F(LlmAgent, refuses_settings_that_cannot_be_meant) {
    const auto error_of = [&](const std::string& llm) {
        return host.start("{\"facts\":\"" EDGE_SOURCE_DIR "/tests/facts.other.yaml\",\"llm\":" + llm + "}")
            .error;
    };
    EXPECT_NE(error_of(R"({"url":"llm.test","model":"m"})").find("llm.url"), std::string::npos);
    EXPECT_NE(error_of(R"({"url":"https://l.test"})").find("llm.model"), std::string::npos);
    EXPECT_NE(error_of(R"({"url":"https://l.test","model":"m","below":2})").find("llm.below"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"url":"https://l.test","model":"m","speed":2})").find("llm.speed"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"url":7,"model":"m"})").find("llm.url"), std::string::npos);
}

}  // namespace
}  // namespace edge::tests
