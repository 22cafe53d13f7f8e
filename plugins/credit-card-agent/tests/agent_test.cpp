// The agent as the engine loads it: the six scenarios that the project began with, and what the host sees.
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include <parley/testing/agent_test.hpp>

namespace {

using parley::testing::TurnRecord;

struct CreditCardAgent : parley::testing::AgentTest {
    CreditCardAgent() : AgentTest(EDGE_AGENT_SO) {}

    void start_with_sample(const std::string& more = "") {
        start("{\"facts\":\"" EDGE_SAMPLE_FACTS "\"" + more + "}");
    }

    static void expect_contains(const TurnRecord& turn, const std::string& text) {
        EXPECT_NE(turn.text().find(text), std::string::npos) << "expected " << text << " in:\n"
                                                             << turn.text();
    }
};

TEST_F(CreditCardAgent, welcomes_by_the_profile_name_in_english) {
    start_with_sample();
    const auto& turn = send({.text = "Hi", .name = "Test User"});
    EXPECT_EQ(turn.annotation("language"), "ENGLISH");
    EXPECT_EQ(turn.annotation("intent"), "GREETING");
    expect_contains(turn, "Test User");
}

TEST_F(CreditCardAgent, answers_namaste_in_hinglish) {
    start_with_sample();
    const auto& turn = send({.text = "Namaste", .name = "Test User"});
    EXPECT_EQ(turn.annotation("language"), "HINGLISH");
    EXPECT_EQ(turn.annotation("intent"), "GREETING");
    expect_contains(turn, "Namaste Test User");
}

TEST_F(CreditCardAgent, names_every_cashback_rate) {
    start_with_sample();
    const auto& turn = send({.text = "What is the cashback?"});
    EXPECT_EQ(turn.annotation("intent"), "ASKING_ABOUT_CASHBACK");
    for (const char* rate : {"10%", "5%", "7%", "1%"}) expect_contains(turn, rate);
}

TEST_F(CreditCardAgent, tells_the_pan_number_from_the_physical_card) {
    start_with_sample();
    const auto& turn = send({.text = "Do I need physical PAN card?"});
    EXPECT_EQ(turn.annotation("intent"), "ASKING_ABOUT_PAN");
    expect_contains(turn, "PAN number");
    expect_contains(turn, "physical");
}

TEST_F(CreditCardAgent, leads_back_to_the_card_politely) {
    start_with_sample();
    const auto& turn = send({.text = "Who is the Prime Minister?"});
    EXPECT_EQ(turn.annotation("intent"), "OFF_TOPIC");
    expect_contains(turn, "Jupiter Edge+");
}

TEST_F(CreditCardAgent, keeps_its_context_over_a_conversation) {
    start_with_sample();
    EXPECT_EQ(send({.text = "Hi"}).annotation("intent"), "GREETING");
    EXPECT_EQ(send({.text = "Tell me about the card"}).annotation("intent"), "ASKING_ABOUT_CARD");
    const auto& documents = send({.text = "What documents do I need?"});
    EXPECT_EQ(documents.annotation("intent"), "ASKING_ABOUT_DOCUMENTS");
    expect_contains(documents, "Aadhaar");
    const auto& apply = send({.text = "How do I apply?"});
    EXPECT_EQ(apply.annotation("intent"), "ASKING_HOW_TO_APPLY");
    expect_contains(apply, "https://apply.example.invalid/edge-plus");
    const auto& yes = send({.text = "👍"});
    EXPECT_EQ(yes.annotation("intent"), "AFFIRM");
    expect_contains(yes, "https://apply.example.invalid/edge-plus");
}

TEST_F(CreditCardAgent, offers_quick_replies_and_understands_their_tap) {
    start_with_sample();
    const auto& turn = send({.text = "Tell me about the card"});
    ASSERT_EQ(turn.replies.size(), 1u);
    EXPECT_EQ(turn.replies[0].type, "interactive");
    const auto& tap = send({.text = "Cashback",
                            .type = "interactive",
                            .message_json = R"({"type":"interactive","interactive":{"type":"button_reply",
                              "button_reply":{"id":"ask:ASKING_ABOUT_CASHBACK","title":"Cashback"}}})"});
    EXPECT_EQ(tap.annotation("intent"), "ASKING_ABOUT_CASHBACK");
    EXPECT_EQ(tap.annotation("language"), "ENGLISH");
}

TEST_F(CreditCardAgent, sends_plain_text_when_told_so) {
    start_with_sample(",\"plain_text\":true");
    EXPECT_EQ(send({.text = "Tell me about the card"}).replies.at(0).type, "text");
}

TEST_F(CreditCardAgent, warns_at_every_start_on_the_sample_facts) {
    start_with_sample();
    ASSERT_FALSE(host.log().empty());
    EXPECT_EQ(host.log()[0].level, PARLEY_LOG_WARNING);
    EXPECT_NE(host.log()[0].message.find("sample"), std::string::npos);
}

TEST_F(CreditCardAgent, does_not_warn_on_facts_of_a_deployment) {
    start("{\"facts\":\"" EDGE_SOURCE_DIR "/tests/facts.other.yaml\"}");
    EXPECT_TRUE(host.log().empty());
}

TEST_F(CreditCardAgent, says_what_to_write_when_the_facts_are_missing) {
    EXPECT_NE(host.start("{}").error.find("config: { facts:"), std::string::npos);
}

TEST_F(CreditCardAgent, names_the_file_that_cannot_be_read) {
    const auto result = host.start(R"({"facts":"/nowhere/card-facts.yaml"})");
    EXPECT_EQ(result.status, PARLEY_CONFIG);
    EXPECT_NE(result.error.find("/nowhere/card-facts.yaml"), std::string::npos) << result.error;
}

TEST_F(CreditCardAgent, refuses_unknown_configuration) {
    const auto result = host.start("{\"facts\":\"" EDGE_SAMPLE_FACTS "\",\"fact\":1}");
    EXPECT_EQ(result.status, PARLEY_CONFIG);
    EXPECT_NE(result.error.find("fact"), std::string::npos);
}

TEST_F(CreditCardAgent, keeps_no_word_of_the_user_in_state_or_annotations) {
    start_with_sample();
    const auto& turn =
        send({.text = "my card is 4111 1111 1111 1111 and pan ABCPK5678L", .conversation = "c"});
    std::string seen = host.state("c") + turn.text();
    for (const auto& [key, value] : turn.annotations) seen += value;
    for (const char* secret : {"4111", "1111", "ABCPK", "abcpk", "5678"})
        EXPECT_EQ(seen.find(secret), std::string::npos) << secret;
}

TEST_F(CreditCardAgent, remembers_that_a_person_wants_no_messages) {
    start_with_sample();
    send({.text = "unsubscribe", .conversation = "c"});
    EXPECT_NE(host.state("c").find("\"opted_out\":true"), std::string::npos);
    const auto& later = send({.text = "what is the annual fee", .conversation = "c"});
    EXPECT_EQ(later.replies.at(0).type, "text");
    EXPECT_EQ(later.text().find("apply"), std::string::npos) << later.text();
}

TEST_F(CreditCardAgent, tells_operators_how_far_a_conversation_came) {
    start_with_sample();
    EXPECT_EQ(send({.text = "hello", .conversation = "c"}).annotation("stage"), "opened");
    EXPECT_EQ(send({.text = "annual fee?", .conversation = "c"}).annotation("stage"), "exploring");
    EXPECT_EQ(send({.text = "i want to apply", .conversation = "c"}).annotation("stage"), "link_sent");
    EXPECT_EQ(send({.text = "unsubscribe", .conversation = "c"}).annotation("opted_out"), "true");
}

TEST_F(CreditCardAgent, gives_a_conversation_one_of_two_wordings_and_says_which) {
    start_with_sample();
    std::set<std::string> replies;
    std::set<std::string> variants;
    for (int i = 0; i < 20; ++i) {
        const std::string conversation = "user-" + std::to_string(i);
        const auto& first = send({.text = "what is the annual fee", .conversation = conversation});
        const std::string text = first.text();
        const std::string variant = first.annotation("variant");
        EXPECT_EQ(send({.text = "what is the annual fee", .conversation = conversation}).text(), text);
        replies.insert(text);
        variants.insert(variant);
    }
    EXPECT_EQ(replies.size(), 2u);
    EXPECT_EQ(variants, (std::set<std::string>{"a", "b"}));
    EXPECT_EQ(send({.text = "thank you"}).annotation("variant"), "");
}

struct Reminded : CreditCardAgent {
    void start_reminding(const std::string& after = "20h") {
        start_with_sample(",\"reminder\":{\"after\":\"" + after + "\"}");
    }
    // The turns of follow-ups that have sent something.
    std::vector<std::string> reminders() const {
        std::vector<std::string> all;
        for (const TurnRecord* turn : host.followup_turns())
            if (!turn->replies.empty()) all.push_back(turn->text());
        return all;
    }
};

TEST_F(Reminded, reminds_once_of_an_application_that_was_not_finished) {
    start_reminding();
    send({.text = "i want to apply"});
    host.advance(std::chrono::hours(20) - std::chrono::seconds(1));
    EXPECT_TRUE(reminders().empty());
    host.advance(std::chrono::seconds(1));
    ASSERT_EQ(reminders().size(), 1u);
    EXPECT_NE(reminders()[0].find("https://apply.example.invalid/edge-plus"), std::string::npos)
        << reminders()[0];
    EXPECT_NE(reminders()[0].find("STOP"), std::string::npos);
    EXPECT_EQ(host.followup_turns()[0]->annotation("reminder"), "sent");
    send({.text = "what documents do i need?"});
    host.advance(std::chrono::hours(48));
    EXPECT_EQ(reminders().size(), 1u) << "once in a conversation";
}

TEST_F(Reminded, reminds_in_the_language_of_the_conversation) {
    start_reminding();
    send({.text = "mujhe card ke liye apply karna hai", .sender = "919800000001"});
    send({.text = "मुझे कार्ड के लिए आवेदन करना है", .sender = "919800000002"});
    host.advance(std::chrono::hours(20));
    ASSERT_EQ(reminders().size(), 2u);
    EXPECT_NE(reminders()[0].find("aapne"), std::string::npos) << reminders()[0];
    EXPECT_NE(reminders()[1].find("आपने"), std::string::npos) << reminders()[1];
}

TEST_F(Reminded, counts_from_the_last_word_of_the_person) {
    start_reminding();
    send({.text = "i want to apply"});
    host.advance(std::chrono::hours(15));
    send({.text = "what is the annual fee"});
    host.advance(std::chrono::hours(15));
    EXPECT_TRUE(reminders().empty());
    host.advance(std::chrono::hours(5));
    EXPECT_EQ(reminders().size(), 1u);
}

TEST_F(Reminded, leaves_alone_who_only_asked_opted_out_finished_declined_or_has_other_worries) {
    start_reminding();
    const std::vector<std::vector<std::string>> talks{{"what is the annual fee"},
                                                      {"i want to apply", "unsubscribe"},
                                                      {"i want to apply", "what is my application status"},
                                                      {"i want to apply", "no"},
                                                      {"i want to apply", "i lost my card"},
                                                      {"i want to apply", "this is the worst service ever"}};
    for (std::size_t i = 0; i < talks.size(); ++i)
        for (const std::string& text : talks[i])
            send({.text = text, .sender = "91980000001" + std::to_string(i)});
    host.advance(std::chrono::hours(72));
    for (const std::string& text : reminders()) ADD_FAILURE() << text;
}

TEST_F(Reminded, says_nothing_where_it_is_not_configured_any_more) {
    start_reminding();
    send({.text = "i want to apply"});
    ASSERT_TRUE(host.reconfigure("{\"facts\":\"" EDGE_SAMPLE_FACTS "\"}").ok());
    host.advance(std::chrono::hours(20));
    EXPECT_TRUE(reminders().empty());
    EXPECT_EQ(host.followup_turns().size(), 1u);
}

TEST_F(Reminded, is_off_unless_it_is_configured) {
    start_with_sample();
    send({.text = "i want to apply"});
    EXPECT_TRUE(host.waiting_followups().empty());
}

TEST_F(Reminded, refuses_times_outside_the_window_and_other_forms) {
    for (const char* after : {"24h", "9m", "0h", "20", "h", "20 h", "-1h", "99999999999h", ""}) {
        const auto result = host.start("{\"facts\":\"" EDGE_SAMPLE_FACTS "\",\"reminder\":{\"after\":\"" +
                                       std::string(after) + "\"}}");
        EXPECT_EQ(result.status, PARLEY_CONFIG) << after;
        EXPECT_NE(result.error.find("reminder.after"), std::string::npos) << result.error;
    }
    EXPECT_EQ(host.start("{\"facts\":\"" EDGE_SAMPLE_FACTS "\",\"reminder\":true}").status, PARLEY_CONFIG);
}

TEST_F(CreditCardAgent, understands_a_tapped_title_without_its_id) {
    start_with_sample();
    const auto& tap = send({.text = "Apply kaise karein", .type = "interactive"});
    EXPECT_EQ(tap.annotation("intent"), "ASKING_HOW_TO_APPLY");
    EXPECT_EQ(tap.annotation("language"), "HINGLISH");
}

TEST_F(CreditCardAgent, tolerates_a_state_that_it_did_not_write) {
    start_with_sample();
    host.set_state("c", R"({"topic":7,"offer":[],"language":"KLINGON","unclear":-3,"later":{"x":1}})");
    EXPECT_TRUE(send({.text = "yes", .conversation = "c"}).committed());
    host.set_state("d", "not json");
    EXPECT_TRUE(send({.text = "haan", .conversation = "d"}).committed());
}

TEST_F(CreditCardAgent, answers_media_and_leaves_reactions_alone) {
    start_with_sample();
    EXPECT_EQ(send({.text = "", .type = "image"}).replies.size(), 1u);
    EXPECT_TRUE(send({.text = "", .type = "reaction"}).replies.empty());
}

}  // namespace
