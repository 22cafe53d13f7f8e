// The wording as a whole: complete in three languages, short, without holes, and what is said of mistakes in
// it.
#include <algorithm>

#include "tests/fixture.hpp"
#include "tests/reply_rules.hpp"

namespace edge::tests {
namespace {

constexpr std::array languages{Language::english, Language::hindi, Language::hinglish};

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

TEST(Content, has_the_same_keys_in_every_language) {
    const Content content = shipped_content();
    EXPECT_EQ(content.keys(Language::english), content.keys(Language::hindi));
    EXPECT_EQ(content.keys(Language::english), content.keys(Language::hinglish));
}

TEST(Content, every_text_is_short_and_whole_with_any_facts) {
    const Content content = shipped_content();
    for (const Facts& facts : {sample_facts(), other_facts(), only_the_name()}) {
        for (Language language : languages) {
            for (const std::string& key : content.keys(language)) {
                bool missing = false;
                const std::string text = content.render(language, key, facts, "Asha", missing);
                EXPECT_LT(characters(text), 600u) << key;
                if (text.empty()) {
                    EXPECT_TRUE(missing) << key << " says nothing and does not say why";
                    continue;
                }
                for (const std::string& rule : broken_rules("", text, language, facts, "Asha"))
                    ADD_FAILURE() << key << ": " << rule << "\n  " << text;
            }
        }
    }
}

TEST(Content, a_line_with_a_missing_fact_is_left_out_and_noted) {
    const Content content = shipped_content();
    std::string error;
    const auto facts = Facts::parse("card.name: \"X\"\nfees.joining: \"₹7\"", "test", error);
    bool missing = false;
    const std::string text = content.render(Language::english, "ASKING_ABOUT_FEES", *facts, "", missing);
    EXPECT_NE(text.find("₹7"), std::string::npos);
    EXPECT_EQ(text.find("Annual"), std::string::npos);
    EXPECT_TRUE(missing);
}

TEST(Content, a_heading_without_lines_is_left_out) {
    const Content content = shipped_content();
    bool missing = false;
    EXPECT_EQ(content.render(Language::english, "ASKING_ABOUT_FEES", only_the_name(), "", missing), "");
    EXPECT_TRUE(missing);
}

TEST(Content, names_every_mistake_with_file_and_key) {
    auto files = shipped::content_files();
    files["hindi.yaml"] += "\nBUTTON.ASKING_ABOUT_UPI: \"यह शीर्षक बीस अक्षरों से कहीं अधिक लंबा है\"\n";
    files["next.yaml"] = "GREETING: [ASKING_ABOUT_MOON]\nHELLO: [THANKS]\n";
    files["english.yaml"] = "GREETING: \"Hello {name\"\n";
    std::string error;
    EXPECT_FALSE(Content::parse(files, "content/", error));
    for (const char* part : {"content/hindi.yaml", "ASKING_ABOUT_MOON", "HELLO: not an intent",
                             "content/english.yaml: GREETING: a { or [ is not closed",
                             "content/english.yaml: THANKS is missing"})
        EXPECT_NE(error.find(part), std::string::npos) << part << "\nin:\n" << error;
}

TEST(Content, a_changed_text_needs_no_compiler) {
    auto files = shipped::content_files();
    auto& english = files["english.yaml"];
    const auto at = english.find("You are welcome!");
    ASSERT_NE(at, std::string::npos);
    english.replace(at, 16, "Any time, {issuer.name} thanks you!");
    std::string error;
    const auto content = Content::parse(files, "", error);
    ASSERT_TRUE(content) << error;
    bool missing = false;
    EXPECT_EQ(content->render(Language::english, "THANKS", other_facts(), "", missing).substr(0, 35),
              "Any time, Northern Bank thanks you!");
}

TEST(Content, names_no_fact_that_cannot_be) {
    EXPECT_EQ(shipped_content().unknown_facts(only_the_name()), "");
    auto files = shipped::content_files();
    files["english.yaml"] += "\nTHANKS~b: \"{fees.anual} [lounge.visits|x] [!apply.lnk] y\"\n";
    std::string error;
    const auto content = Content::parse(files, "", error);
    ASSERT_TRUE(content) << error;
    const std::string unknown = content->unknown_facts(other_facts());
    for (const char* part : {"english.yaml: THANKS~b: fees.anual", "lounge.visits", "apply.lnk"})
        EXPECT_NE(unknown.find(part), std::string::npos) << part << "\nin:\n" << unknown;
    const auto facts =
        Facts::parse("card.name: X\nlounge.visits: 2\nfees.anual: 1\napply.lnk: z", "t", error);
    EXPECT_EQ(content->unknown_facts(*facts), "");
}

TEST(Content, a_second_wording_needs_a_first) {
    auto files = shipped::content_files();
    files["hindi.yaml"] += "\nHELLO~b: \"x\"\n";
    std::string error;
    EXPECT_FALSE(Content::parse(files, "", error));
    EXPECT_NE(error.find("HELLO~b: is a second wording of nothing"), std::string::npos) << error;
}

TEST(Facts, pair_rates_with_categories_only_as_the_file_does) {
    EXPECT_NE(sample_facts().text("cashback.table")->find("• *5%*: sample category B"), std::string::npos);
    std::string error;
    const auto facts = Facts::parse(
        "card.name: X\ncashback.rates: [\"10%\", \"5%\"]\ncashback.categories: [\"dining\"]", "test", error);
    EXPECT_FALSE(facts->has("cashback.table"));
}

TEST(Facts, refuse_what_cannot_be_meant) {
    std::string error;
    EXPECT_FALSE(Facts::parse("card.name: X\nfees.late: \"1\"\nfees.late: \"2\"", "facts.yaml", error));
    EXPECT_EQ(error, "facts.yaml:3:1: fees.late: given twice");
    EXPECT_FALSE(Facts::parse("fees.late: \"1\"", "facts.yaml", error));
    EXPECT_NE(error.find("card.name is missing"), std::string::npos);
    EXPECT_FALSE(Facts::parse("card.name: [a, {b: c}]", "facts.yaml", error));
    EXPECT_FALSE(Facts::parse("\"unclosed", "facts.yaml", error));
    EXPECT_NE(error.find("facts.yaml:1:"), std::string::npos) << error;
}

TEST(Facts, may_be_nested_and_know_the_sample) {
    std::string error;
    const auto facts = Facts::parse("card: {name: X}\nfees:\n  late: 433", "test", error);
    ASSERT_TRUE(facts) << error;
    EXPECT_EQ(facts->text("fees.late"), "433");
    EXPECT_FALSE(facts->is_sample());
    EXPECT_FALSE(other_facts().is_sample());
    EXPECT_TRUE(sample_facts().is_sample());
}

TEST(Reply, greets_with_a_name_made_harmless) {
    EXPECT_EQ(greeting_name("Asha"), "Asha");
    EXPECT_EQ(greeting_name("*As_ha*\n{fees.late}"), "As ha fees.late");
    EXPECT_EQ(greeting_name("4111111111111111"), "");
    EXPECT_EQ(greeting_name("see https://x.example"), "");
    EXPECT_EQ(greeting_name("आशा"), "आशा");
    EXPECT_EQ(characters(greeting_name(std::string(500, 'x'))), 40u);
}

TEST(Reply, leaves_buttons_out_of_long_texts) {
    const std::vector<Button> buttons{{"ask:THANKS", "Thanks"}};
    EXPECT_NE(native_message({"short", buttons}).find("\"interactive\""), std::string::npos);
    EXPECT_EQ(native_message({std::string(1025, 'x'), buttons}).find("\"interactive\""), std::string::npos);
}

}  // namespace
}  // namespace edge::tests
