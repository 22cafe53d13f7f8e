#include "core/turn.hpp"

#include <optional>
#include <thread>

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr MonoTime began = MonoTime{} + std::chrono::hours{1};

class Turning : public testing::Test {
  protected:
    static TurnEvent event() {
        auto deployment = std::make_shared<Deployment>();
        deployment->deadline = Millis{20'000};
        TurnEvent event;
        event.deployment = std::move(deployment);
        event.deadline = began + Millis{20'000};
        return event;
    }

    std::optional<TurnResult> result;
    int ends = 0;
    Turn turn{event(), [this](TurnResult made) {
                  result = std::move(made);
                  ++ends;
              }};
};

TEST_F(Turning, gives_all_that_was_staged_when_it_finishes) {
    EXPECT_EQ(turn.reply(R"({"type":"image"})"), Staged::ok);
    EXPECT_EQ(turn.reply_text("a \"b\"\n"), Staged::ok);
    EXPECT_EQ(turn.put_state(R"({"n":1})"), Staged::ok);
    EXPECT_EQ(turn.annotate("intent", "FEES"), Staged::ok);
    EXPECT_FALSE(result) << "nothing counts before the end";
    EXPECT_EQ(turn.finish(true, ""), Staged::ok);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->ok);
    EXPECT_EQ(result->replies, (std::vector<std::string>{R"({"type":"image"})",
                                                         R"({"type":"text","text":{"body":"a \"b\"\n"}})"}));
    EXPECT_TRUE(result->has_state);
    EXPECT_EQ(result->state_json, R"({"n":1})");
    EXPECT_EQ(result->annotations, (Annotations{{"intent", "FEES"}}));
}

TEST_F(Turning, discards_what_was_staged_when_it_fails) {
    turn.reply_text("half");
    turn.put_state("{}");
    turn.annotate("intent", "FEES");
    EXPECT_EQ(turn.finish(false, "no database"), Staged::ok);
    EXPECT_FALSE(result->ok);
    EXPECT_EQ(result->error, "no database");
    EXPECT_TRUE(result->replies.empty());
    EXPECT_FALSE(result->has_state);
    EXPECT_TRUE(result->annotations.empty());
}

TEST_F(Turning, leaves_the_state_alone_when_none_was_put) {
    turn.reply_text("hello");
    turn.finish(true, "");
    EXPECT_FALSE(result->has_state);
}

TEST_F(Turning, ends_exactly_once) {
    EXPECT_EQ(turn.finish(true, ""), Staged::ok);
    EXPECT_EQ(turn.finish(true, ""), Staged::stale);
    EXPECT_EQ(turn.finish(false, "again"), Staged::stale);
    EXPECT_FALSE(turn.revoke());
    EXPECT_EQ(ends, 1);
}

TEST_F(Turning, ends_once_when_two_threads_finish_it) {
    std::atomic<int> accepted{0};
    const auto finish = [&] { accepted += turn.finish(true, "") == Staged::ok ? 1 : 0; };
    std::thread other(finish);
    finish();
    other.join();
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(ends, 1);
}

TEST_F(Turning, refuses_everything_once_it_was_taken_away) {
    turn.reply_text("half");
    EXPECT_TRUE(turn.is_open());
    EXPECT_TRUE(turn.revoke());
    EXPECT_FALSE(turn.revoke());
    EXPECT_FALSE(turn.is_open());
    EXPECT_EQ(turn.reply("{}"), Staged::stale);
    EXPECT_EQ(turn.reply_text("late"), Staged::stale);
    EXPECT_EQ(turn.reply_text(""), Staged::stale);
    EXPECT_EQ(turn.reply_text(std::string(100'000, 'x')), Staged::stale);
    EXPECT_EQ(turn.put_state("{}"), Staged::stale);
    EXPECT_EQ(turn.annotate("a", "b"), Staged::stale);
    EXPECT_EQ(turn.extend(began), Staged::stale);
    EXPECT_EQ(turn.finish(true, ""), Staged::stale);
    EXPECT_EQ(ends, 0);
}

TEST_F(Turning, refuses_what_is_empty) {
    EXPECT_EQ(turn.reply(""), Staged::invalid);
    EXPECT_EQ(turn.reply_text(""), Staged::invalid);
    EXPECT_EQ(turn.put_state(""), Staged::invalid);
    EXPECT_EQ(turn.annotate("", "value"), Staged::invalid);
    EXPECT_EQ(turn.annotate("key", ""), Staged::ok);
}

TEST_F(Turning, takes_twenty_replies_of_64_kib) {
    EXPECT_EQ(turn.reply(std::string((64U << 10) + 1, 'x')), Staged::limit);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(turn.reply(std::string(64U << 10, 'x')), Staged::ok);
    EXPECT_EQ(turn.reply("{}"), Staged::limit);
    EXPECT_EQ(turn.reply_text("one more"), Staged::limit);
    turn.finish(true, "");
    EXPECT_EQ(result->replies.size(), 20U);
}

TEST_F(Turning, takes_256_kib_of_state_and_keeps_the_last_that_fitted) {
    EXPECT_EQ(turn.put_state("{}"), Staged::ok);
    EXPECT_EQ(turn.put_state(std::string(256U << 10, ' ')), Staged::ok);
    EXPECT_EQ(turn.put_state(std::string((256U << 10) + 1, ' ')), Staged::limit);
    turn.finish(true, "");
    EXPECT_EQ(result->state_json.size(), 256U << 10);
}

TEST_F(Turning, takes_32_annotations_the_last_value_of_each) {
    EXPECT_EQ(turn.annotate(std::string(65, 'k'), "v"), Staged::limit);
    EXPECT_EQ(turn.annotate("k", std::string(257, 'v')), Staged::limit);
    EXPECT_EQ(turn.annotate(std::string(64, 'k'), std::string(256, 'v')), Staged::ok);
    for (int i = 1; i < 32; ++i) EXPECT_EQ(turn.annotate(std::to_string(i), "a"), Staged::ok);
    EXPECT_EQ(turn.annotate("one more", "a"), Staged::limit);
    EXPECT_EQ(turn.annotate("7", "b"), Staged::ok) << "a known one is replaced";
    turn.finish(true, "");
    ASSERT_EQ(result->annotations.size(), 32U);
    EXPECT_EQ(result->annotations[7], (std::pair<std::string, std::string>{"7", "b"}));
}

TEST_F(Turning, moves_its_deadline_to_twice_the_deployments_at_most) {
    EXPECT_EQ(turn.deadline(), began + Millis{20'000});
    EXPECT_EQ(turn.extend(began + Millis{30'000}), Staged::ok);
    EXPECT_EQ(turn.deadline(), began + Millis{30'000});
    EXPECT_EQ(turn.extend(began + Millis{25'000}), Staged::ok);
    EXPECT_EQ(turn.deadline(), began + Millis{30'000}) << "never earlier";
    EXPECT_EQ(turn.extend(began + Millis{40'000}), Staged::ok);
    EXPECT_EQ(turn.extend(began + Millis{40'001}), Staged::limit);
    EXPECT_EQ(turn.deadline(), began + Millis{40'000});
}

}  // namespace
}  // namespace parley
