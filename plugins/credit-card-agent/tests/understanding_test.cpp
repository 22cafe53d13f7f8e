// Quality on the development lines, speed, and the parts of understanding one by one.
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "tests/fixture.hpp"
#include "training/trainer.hpp"
#include "understanding/rules.hpp"

namespace edge::tests {
namespace {

std::vector<training::Line> dev_lines() {
    std::string error;
    auto lines = training::read_lines(EDGE_SOURCE_DIR "/data/utterances.dev.tsv", error);
    EXPECT_TRUE(error.empty()) << error;
    return lines;
}

TEST(Understanding, reaches_the_targets_on_the_development_lines) {
    const auto lines = dev_lines();
    std::vector<std::size_t> gold;
    std::vector<std::size_t> predicted;
    int languages = 0;
    for (const auto& line : lines) {
        const auto said = shipped_understanding().understander().understand(line.text);
        gold.push_back(index_of(line.intent));
        predicted.push_back(index_of(said.intent));
        languages += said.language == line.language;
    }
    const double f1 = training::macro_f1(gold, predicted, intent_count);
    const double language = static_cast<double>(languages) / static_cast<double>(lines.size());
    std::printf("dev: %zu lines  intent macro-F1 %.4f  language accuracy %.4f\n", lines.size(), f1, language);
    EXPECT_GE(f1, 0.86);
    EXPECT_GE(language, 0.985);
}

TEST(Understanding, confidence_is_calibrated_on_the_development_lines) {
    double promised = 0;
    double kept = 0;
    const auto lines = dev_lines();
    for (const auto& line : lines) {
        const auto said = shipped_understanding().understander().understand(line.text);
        promised += static_cast<double>(said.confidence);
        kept += said.intent == line.intent;
    }
    const auto total = static_cast<double>(lines.size());
    std::printf("dev: mean confidence %.3f, accuracy %.3f\n", promised / total, kept / total);
    EXPECT_NEAR(promised / total, kept / total, 0.10);
}

TEST(Understanding, takes_microseconds) {
    const auto lines = dev_lines();
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
        const std::clock_t begin = std::clock();
        for (const auto& line : lines) shipped_understanding().understander().understand(line.text);
        const double spent = 1e6 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        best = std::min(best, spent / static_cast<double>(lines.size()));
    }
    std::printf("language and intent: %.1f microseconds a message\n", best);
#ifdef NDEBUG
    EXPECT_LT(best, 30.0);
#endif
}

TEST(Understanding, model_is_small) {
    EXPECT_LT(shipped::intent_model().size() + shipped::language_model().size(), 5u << 20);
}

TEST(LinearModel, refuses_damaged_bytes) {
    const std::string_view whole = shipped::intent_model();
    EXPECT_TRUE(LinearModel::open(whole, intent_count));
    EXPECT_FALSE(LinearModel::open(whole.substr(0, whole.size() - 1), intent_count));
    EXPECT_FALSE(LinearModel::open(whole.substr(0, 10), intent_count));
    EXPECT_FALSE(LinearModel::open(whole, intent_count - 1));
    EXPECT_FALSE(LinearModel::open("", intent_count));
}

std::string norm_of(std::string_view word) {
    return read_text(word).words.at(0).norm;
}

TEST(Text, hindi_meets_in_one_spelling_whatever_the_script) {
    EXPECT_EQ(norm_of("लिमिट"), norm_of("limit"));
    EXPECT_EQ(norm_of("मिलेगा"), norm_of("milega"));
    EXPECT_EQ(norm_of("नहीं"), norm_of("nhi"));
    EXPECT_EQ(norm_of("कितना"), norm_of("kitna"));
    EXPECT_EQ(norm_of("CHAIYE"), norm_of("chahiye"));
    EXPECT_EQ(skeleton(norm_of("कैशबैक")), skeleton(norm_of("cashback")));
    EXPECT_EQ(skeleton(norm_of("डिलीवरी")), skeleton(norm_of("delivery")));
}

TEST(Text, numbers_become_shapes) {
    EXPECT_EQ(read_text("4111 1111-1111 1111").words.at(0).norm, "#16");
    EXPECT_EQ(read_text("₹1,23,000").words.at(0).norm, "#6");
    EXPECT_EQ(read_text("7%").words.at(0).norm, "#pct");
    EXPECT_TRUE(read_text("my pan is abcpk1234l").has_pan_shape);
    for (const Word& word : read_text("otp 778812 and 4111111111111111 x12345678").words)
        EXPECT_EQ(word.raw.find("78"), std::string::npos) << word.raw;
}

TEST(Text, survives_broken_utf8) {
    EXPECT_EQ(read_text("\xff\xfe\xe0\xa4 hi \xf0\x9f").words.at(0).norm, "hi");
    EXPECT_TRUE(read_text("").words.empty());
}

Language language_of(std::string_view text) {
    return shipped_understanding().understander().understand(text).language;
}

TEST(Language, follows_the_script_and_the_words) {
    EXPECT_EQ(language_of("card के charges"), Language::hindi);
    EXPECT_EQ(language_of("fees kitni hai"), Language::hinglish);
    EXPECT_EQ(language_of("what is the fee bhai"), Language::english);
    EXPECT_EQ(language_of("ji please send the link yaar"), Language::english);
    EXPECT_EQ(language_of("thank you so much"), Language::english);
    EXPECT_EQ(language_of("dhanyawaad"), Language::hinglish);
    EXPECT_EQ(language_of("i earn 5 lakh from my shop in Surat"), Language::english);
    EXPECT_EQ(language_of("12345"), Language::english);
}

}  // namespace
}  // namespace edge::tests
