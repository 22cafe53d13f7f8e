#include "kit/fuzzer.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/temp_folder.hpp"

namespace parley::kit {
namespace {

using ::testing::HasSubstr;

TEST(Dice, throws_the_same_numbers_for_a_seed) {
    Dice one(7), other(7), third(8);
    EXPECT_EQ(one.next(), other.next());
    EXPECT_NE(one.next(), third.next());
}

TEST(Mutation, changes_messages_and_keeps_native_objects_objects) {
    Dice dice(1);
    int changed = 0;
    for (int i = 0; i < 500; ++i) {
        const Sample& sample = samples()[dice.below(samples().size())];
        const auto message = mutated(sample.message, dice);
        changed +=
            message.text != sample.message.text || message.native_json != sample.message.native_json ? 1 : 0;
        EXPECT_TRUE(message.native_json.empty() || message.native_json.front() == '{');
    }
    EXPECT_GT(changed, 250);
}

TEST(Fuzzer, finds_nothing_in_a_sound_agent) {
    const auto report = fuzz(ECHO_SO, {.duration = Millis(200), .lanes = 2});
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_GT(report->cases, 1U);
    for (const FuzzFinding& one : report->findings) ADD_FAILURE() << one.what;
}

TEST(Fuzzer, finds_a_crash_and_the_seed_that_shows_it_again) {
    const auto report = fuzz(BAD_PLUGINS "/trusts_http.so", {.duration = Millis(200)});
    ASSERT_TRUE(report) << report.error().message();
    ASSERT_FALSE(report->findings.empty());
    EXPECT_THAT(report->findings[0].what, HasSubstr("ended the process with SIG"));
    const std::uint64_t seed = report->findings[0].seed;
    const auto again = run_in_child(
        [&](Progress&) {
            (void)reproduce(BAD_PLUGINS "/trusts_http.so", {.seed = seed}, [](const std::string&) {});
            return std::string("survived");
        },
        Millis(60'000));
    EXPECT_NE(again.how, ChildEnd::How::returned);
}

TEST(Fuzzer, tells_broken_rules_with_their_seed) {
    const auto report = fuzz(BAD_PLUGINS "/works_after_cancel.so", {.duration = Millis(200)});
    ASSERT_TRUE(report);
    ASSERT_FALSE(report->findings.empty());
    int actions = 0;
    const auto again = reproduce(BAD_PLUGINS "/works_after_cancel.so", {.seed = report->findings[0].seed},
                                 [&](const std::string&) { ++actions; });
    ASSERT_TRUE(again);
    EXPECT_THAT(again->findings, ::testing::Contains(report->findings[0].what));
    EXPECT_GT(actions, 10);
}

TEST(Fuzzer, takes_messages_from_a_folder) {
    const fakes::TempFolder folder;
    std::ofstream(folder.path() / "a.txt") << "a text of our own";
    std::ofstream(folder.path() / "b.json") << R"({"type":"image","image":{"id":"1"}})";
    EXPECT_TRUE(fuzz(ECHO_SO, {.duration = Millis(50), .corpus = folder.path()}));
    EXPECT_EQ(fuzz(ECHO_SO, {.corpus = folder.path() / "nowhere"}).error().code(), Errc::not_found);
}

TEST(Fuzzer, says_when_the_agent_does_not_start) {
    EXPECT_THAT(fuzz(HOST_SINNERS "/create-refuses.so", {}).error().message(),
                HasSubstr("refuses to start: config.facts"));
}

}  // namespace
}  // namespace parley::kit
