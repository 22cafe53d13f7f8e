// Conversations: context, offers, two questions at once, languages; and the development dialogues on two
// facts files.
#include <fstream>
#include <regex>

#include "tests/dialogue_file.hpp"
#include "tests/fixture.hpp"
#include "tests/reply_rules.hpp"

namespace edge::tests {
namespace {

TEST(Dialogue, a_fragment_with_a_pronoun_takes_the_charge_of_the_topic) {
    Chat chat;
    chat.say("can i convert a purchase to emi");
    EXPECT_EQ(chat.say("and its charge?").intent, Intent::fees);
    EXPECT_TRUE(chat.has_fact("fees.emi_processing")) << chat.text();
}

TEST(Dialogue, a_bare_question_word_points_back_to_the_topic) {
    Chat chat;
    chat.say("what is the credit limit");
    EXPECT_EQ(chat.say("how?").intent, Intent::limit);
    Chat other;
    EXPECT_EQ(other.say("how?").intent, Intent::unclear);
}

TEST(Dialogue, a_new_card_after_a_loss_is_a_replacement) {
    Chat chat;
    chat.say("i lost my card");
    EXPECT_TRUE(chat.has_fact("security.block_phone"));
    EXPECT_EQ(chat.say("how much is a new card").intent, Intent::fees);
    EXPECT_TRUE(chat.has_fact("fees.replacement")) << chat.text();
}

TEST(Dialogue, two_questions_get_two_answers_and_one_offer) {
    Chat chat;
    const Outcome& out = chat.say("what is the annual fee and what documents are required");
    EXPECT_EQ(out.intent, Intent::fees);
    EXPECT_TRUE(chat.has_fact("fees.annual"));
    EXPECT_TRUE(chat.has_fact("documents.required"));
    const auto first = out.reply.text.find("apply now?");
    EXPECT_NE(first, std::string::npos);
    EXPECT_EQ(out.reply.text.find("apply now?", first + 1), std::string::npos);
}

TEST(Dialogue, two_fees_in_one_question_are_both_told) {
    Chat chat;
    chat.say("what is the late fee and the forex markup");
    EXPECT_TRUE(chat.has_fact("fees.late")) << chat.text();
    EXPECT_TRUE(chat.has_fact("fees.forex")) << chat.text();
}

TEST(Dialogue, yes_carries_out_what_was_offered) {
    Chat chat;
    chat.say("what is the cashback");
    EXPECT_EQ(chat.say("haan").intent, Intent::affirm);
    EXPECT_TRUE(chat.has_fact("apply.link"));
    chat.say("your service is pathetic");
    chat.say("yes");
    EXPECT_TRUE(chat.has_fact("support.phone"));
    chat.say("my card was stolen");
    chat.say("ok");
    EXPECT_TRUE(chat.has_fact("security.block_phone"));
}

TEST(Dialogue, no_ends_the_offer) {
    Chat chat;
    chat.say("what is the cashback");
    EXPECT_EQ(chat.say("no thanks").intent, Intent::deny);
    EXPECT_FALSE(chat.has_fact("apply.link"));
    chat.say("ok");
    EXPECT_FALSE(chat.has_fact("apply.link"));
}

TEST(Dialogue, the_third_unclear_message_in_a_row_gives_the_phone_number) {
    Chat chat;
    for (const char* said : {"asdf", "qwerty"}) {
        EXPECT_EQ(chat.say(said).intent, Intent::unclear);
        EXPECT_FALSE(chat.has_fact("support.phone"));
    }
    chat.say("...");
    EXPECT_TRUE(chat.has_fact("support.phone"));
    chat.say("annual fee");
    chat.say("asdf");
    EXPECT_FALSE(chat.has_fact("support.phone"));
}

TEST(Dialogue, a_message_without_words_keeps_the_language) {
    Chat chat;
    EXPECT_EQ(chat.say("👍").language, Language::english);
    chat.say("लिमिट कितनी है");
    EXPECT_EQ(chat.say("ok").language, Language::hindi);
    chat.say("fees kitni hai");
    EXPECT_EQ(chat.say("👍").language, Language::hinglish);
}

TEST(Dialogue, answers_in_a_language_asked_for_by_name) {
    Chat chat;
    chat.say("cashback kitna milta hai");
    const Outcome& out = chat.say("hindi me batao");
    EXPECT_EQ(out.language, Language::hinglish);
    EXPECT_EQ(out.reply_language, Language::hindi);
    EXPECT_EQ(out.intent, Intent::cashback);
    EXPECT_GT(letters_of(out.reply.text).devanagari, 10);
}

TEST(Dialogue, understands_the_title_of_a_quick_reply) {
    Chat chat(other_facts(), false);
    const Outcome card = chat.say("इस कार्ड के बारे में बताइए");
    ASSERT_FALSE(card.reply.buttons.empty());
    for (const Button& button : card.reply.buttons) {
        Chat tapping(other_facts(), false);
        tapping.state = card.state;
        const Outcome& out = tapping.say(button.title);
        EXPECT_EQ("ask:" + std::string(name_of(out.intent)), button.id);
        EXPECT_EQ(out.language, Language::hindi);
    }
}

TEST(Dialogue, offers_nothing_to_a_person_who_opted_out) {
    Chat chat(other_facts(), false);
    const Outcome& out = chat.say("stop sending me messages");
    EXPECT_EQ(out.intent, Intent::opt_out);
    EXPECT_TRUE(out.reply.buttons.empty());
    const Outcome& later = chat.say("what is the cashback");
    EXPECT_TRUE(later.reply.buttons.empty());
    EXPECT_FALSE(chat.has("apply now?"));
    chat.say("yes");
    EXPECT_FALSE(chat.has_fact("apply.link"));
}

TEST(Dialogue, urgent_matters_come_before_questions) {
    Chat chat;
    EXPECT_EQ(chat.say("what is the cashback rate, also my card is stolen please block it").intent,
              Intent::lost_or_fraud);
    EXPECT_EQ(chat.say("hi, what is the annual fee?").intent, Intent::fees);
}

TEST(Dialogue, numbers_alone_follow_the_rules) {
    Chat chat;
    EXPECT_EQ(chat.say("4111-1111-1111-1111").intent, Intent::security);
    EXPECT_EQ(chat.say("1234 5678 9012").intent, Intent::kyc);
    EXPECT_EQ(chat.say("abcpk1234l").intent, Intent::pan);
    EXPECT_EQ(chat.say("१२३४ ५६७८ ९०१२").intent, Intent::kyc);
    EXPECT_EQ(chat.say("123456").intent, Intent::unclear);
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(separator, at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end + separator.size();
    }
    return out;
}

TEST(Dialogue, a_question_about_a_fact_gets_that_fact) {
    std::ifstream in(EDGE_SOURCE_DIR "/tests/questions_of_facts.txt");
    std::string line;
    int questions = 0;
    while (std::getline(in, line)) {
        if (line.starts_with('#')) continue;
        const auto parts = split(line, " | ");
        for (std::size_t i = 1; i < parts.size(); ++i, ++questions) {
            Chat chat;
            chat.say(parts[i]);
            for (const std::string& key : split(parts[0], " "))
                for (const std::string& value : chat.facts.all().at(key).items)
                    EXPECT_TRUE(chat.has(value)) << parts[i] << ": " << key << "\n" << chat.text();
        }
    }
    EXPECT_GT(questions, 150);
}

TEST(Dialogue, remembers_the_furthest_stage) {
    Chat chat;
    chat.say("hi");
    EXPECT_EQ(chat.state.stage, Stage::opened);
    chat.say("what is the cashback");
    EXPECT_EQ(chat.state.stage, Stage::exploring);
    chat.say("what documents are needed");
    EXPECT_EQ(chat.state.stage, Stage::considering);
    chat.say("yes");
    EXPECT_EQ(chat.state.stage, Stage::link_sent);
    chat.say("thanks, what is the annual fee");
    EXPECT_EQ(chat.state.stage, Stage::link_sent);
}

TEST(Dialogue, state_survives_a_restart_unchanged) {
    Chat chat;
    chat.say("emi ho sakta hai kya");
    const std::string once = chat.state.to_json();
    EXPECT_EQ(ConversationState::from_json(once).to_json(), once);
    EXPECT_EQ(ConversationState::from_json("[1]").to_json(), ConversationState().to_json());
}

std::string with_facts(const std::string& pattern, const Facts& facts) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const auto end = pattern[at] == '%' ? pattern.find('%', at + 1) : std::string::npos;
        const auto fact =
            end == std::string::npos ? std::nullopt : facts.text(pattern.substr(at + 1, end - at - 1));
        if (!fact) {
            out += pattern[at++];
            continue;
        }
        for (char c : *fact)
            out += (std::ispunct(static_cast<unsigned char>(c)) ? "\\" : "") + std::string(1, c);
        at = end + 1;
    }
    return out;
}

bool matches(const std::string& text, const std::string& pattern) {
    return std::regex_search(text, std::regex(pattern, std::regex::icase));
}

void expect_turn(const ScriptedTurn& turn, Chat& chat, const std::string& where) {
    const Outcome& out = chat.say(turn.user);
    EXPECT_EQ(out.language, turn.language) << where;
    EXPECT_NE(std::find(turn.intents.begin(), turn.intents.end(), out.intent), turn.intents.end())
        << where << ": " << name_of(out.intent);
    for (const std::string& key : turn.facts)
        for (const std::string& value : chat.facts.all().at(key).items)
            EXPECT_TRUE(chat.has(value)) << where << key;
    for (const std::string& pattern : turn.must)
        EXPECT_TRUE(matches(out.reply.text, with_facts(pattern, chat.facts))) << where << pattern;
    for (const std::string& pattern : turn.must_not)
        EXPECT_FALSE(matches(out.reply.text, with_facts(pattern, chat.facts))) << where << pattern;
    for (const auto& rule : broken_rules(turn.user, out.reply.text, turn.reply_language, chat.facts, "Asha"))
        ADD_FAILURE() << where << rule;
}

void expect_all_pass(const std::string& file, std::size_t count, const std::string& facts, bool variant_b) {
    std::string error;
    const auto dialogues = read_dialogues(EDGE_SOURCE_DIR "/data/" + file, error);
    ASSERT_TRUE(error.empty()) << error;
    ASSERT_EQ(dialogues.size(), count);
    for (const auto& dialogue : dialogues) {
        Chat chat(facts_of_file(facts));
        chat.variant_b = variant_b;
        for (const auto& turn : dialogue.turns)
            expect_turn(turn, chat, dialogue.id + " \"" + turn.user + "\" ");
    }
}

class Dialogues : public ::testing::TestWithParam<const char*> {};

TEST_P(Dialogues, of_development_all_pass) {
    expect_all_pass("dialogues.dev.yaml", 15, GetParam(), false);
}

TEST_P(Dialogues, of_our_own_all_pass) {
    expect_all_pass("dialogues.own.yaml", 40, GetParam(), false);
}

TEST_P(Dialogues, of_our_own_all_pass_with_the_second_wordings) {
    expect_all_pass("dialogues.own.yaml", 40, GetParam(), true);
}

INSTANTIATE_TEST_SUITE_P(Facts, Dialogues,
                         ::testing::Values(EDGE_SAMPLE_FACTS, EDGE_SOURCE_DIR "/tests/facts.other.yaml"),
                         [](const auto& given) {
                             return given.index == 0 ? "the_sample" : "another_deployment";
                         });

}  // namespace
}  // namespace edge::tests
