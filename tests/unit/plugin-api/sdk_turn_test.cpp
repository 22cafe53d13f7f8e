// What the SDK makes of a turn: finishing, exceptions, cancellation, state.
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>

#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using namespace std::chrono_literals;
using parley::testing::FakeHost;
using parley::testing::plugin_of;
using testing::HasSubstr;

// Does what the message says.
struct Puppet : parley::Agent<Puppet> {
    // Tells through the log when it goes, as a destructor of a coroutine's local does.
    struct Guard {
        const parley::Turn& turn;
        ~Guard() { turn.log("guard gone"); }
    };

    static parley::Subtask<std::string> fetch_name(parley::Turn& turn) {
        co_await turn.sleep(5ms);
        if (turn.text == "subtask throws") throw std::runtime_error("no name today");
        co_return "Asha " + turn.text;
    }

    static parley::Subtask<> fetch_twice(parley::Turn& turn) {
        turn.reply(co_await fetch_name(turn));
        turn.reply(co_await fetch_name(turn));
    }

    parley::Task on_message(parley::Turn turn) {
        const Guard guard{turn};
        turn.annotate("language", "ENGLISH");
        if (turn.text == "throw") throw std::runtime_error("the till is empty");
        if (turn.text == "throw 42") throw 42;
        if (turn.text == "reply then throw") {
            turn.reply("half an answer");
            turn.put_state_json("{\"half\":true}");
            throw std::runtime_error("and no more");
        }
        if (turn.text == "wait") co_await turn.sleep(1s);
        if (turn.text == "bad reply") turn.reply_json("not json");
        if (turn.text == "empty reply") turn.reply("");
        if (turn.text == "count") {
            parley::Json state = turn.state();
            const int seen = state.value("seen", 0) + 1;
            turn.state({{"seen", seen}});
        }
        if (turn.text.starts_with("subtask")) co_await fetch_twice(turn);
        if (turn.text == "extend")
            turn.reply(turn.extend(30s) && !turn.extend(41s) ? "extended" : "not extended");
        if (turn.text == "facts") {
            turn.reply(turn.sender + '/' + turn.sender_name + '/' + turn.type + '/' + turn.deployment + '/' +
                       turn.conversation + '/' + std::to_string(turn.attempt) + '/' +
                       std::to_string(turn.now_unix_ms()) + '/' + std::to_string(turn.remaining().count()));
        }
        turn.reply("done");
    }

    parley::Task on_followup(parley::Turn turn) {
        turn.reply("still interested?");
        co_return;
    }
};

struct SdkTurn : parley::testing::AgentTest {
    SdkTurn() : AgentTest(plugin_of<Puppet>) {}
    void SetUp() override { start(); }
};

TEST_F(SdkTurn, is_committed_when_the_coroutine_returns) {
    const auto& turn = send({.text = "Hi"});
    EXPECT_TRUE(turn.committed());
    EXPECT_EQ(turn.text(), "done");
    EXPECT_EQ(turn.annotation("language"), "ENGLISH");
}

TEST_F(SdkTurn, becomes_internal_with_the_text_of_an_exception) {
    const auto& turn = send({.text = "throw"});
    EXPECT_TRUE(turn.finished);
    EXPECT_EQ(turn.status, PARLEY_INTERNAL);
    EXPECT_EQ(turn.error, "the till is empty");
}

TEST_F(SdkTurn, survives_an_exception_of_any_type) {
    const auto& turn = send({.text = "throw 42"});
    EXPECT_EQ(turn.status, PARLEY_INTERNAL);
    EXPECT_THAT(turn.error, HasSubstr("not a std::exception"));
}

TEST_F(SdkTurn, shows_nothing_of_what_was_staged_before_an_exception) {
    const auto& turn = send({.text = "reply then throw"});
    EXPECT_TRUE(turn.replies.empty());
    EXPECT_TRUE(turn.annotations.empty());
    EXPECT_EQ(host.state(turn.conversation), "");
}

TEST_F(SdkTurn, names_the_call_that_the_host_refused) {
    EXPECT_EQ(send({.text = "bad reply"}).error, "reply_json: refused by the host (invalid)");
    EXPECT_EQ(send({.text = "empty reply"}).error, "reply: refused by the host (invalid)");
}

TEST_F(SdkTurn, waits_without_holding_up_other_conversations) {
    const auto& waiting = send({.text = "wait", .sender = "1"});
    EXPECT_TRUE(waiting.open());
    EXPECT_TRUE(send({.text = "Hi", .sender = "2"}).committed());
    host.advance(999ms);
    EXPECT_TRUE(waiting.open());
    host.advance(1ms);
    EXPECT_EQ(waiting.text(), "done");
}

TEST_F(SdkTurn, runs_destructors_and_nothing_else_when_cancelled_while_it_waits) {
    const auto& turn = send({.text = "wait"});
    ASSERT_TRUE(host.log().empty());
    host.cancel(turn.id);
    ASSERT_EQ(host.log().size(), 1U);
    EXPECT_EQ(host.log()[0].message, "guard gone");
    EXPECT_FALSE(turn.finished);
    EXPECT_EQ(host.operations(), 0U);
    host.advance(2s);
    EXPECT_TRUE(turn.replies.empty());
}

TEST_F(SdkTurn, is_taken_away_at_its_deadline) {
    struct Slow : parley::Agent<Slow> {
        parley::Task on_message(parley::Turn turn) {
            for (;;) co_await turn.sleep(1s);
        }
    };
    FakeHost slow(plugin_of<Slow>);
    ASSERT_TRUE(slow.start().ok());
    const auto& turn = slow.send({});
    slow.advance(21s);
    EXPECT_TRUE(turn.cancelled);
    EXPECT_EQ(turn.status, PARLEY_TIMEOUT);
    EXPECT_TRUE(slow.misbehaviours().empty());
}

TEST_F(SdkTurn, keeps_state_from_turn_to_turn) {
    send({.text = "count"});
    const auto& turn = send({.text = "count"});
    EXPECT_EQ(host.state(turn.conversation), R"({"seen":2})");
    EXPECT_EQ(host.state("nobody"), "");
}

TEST_F(SdkTurn, passes_on_the_facts_of_the_event) {
    const auto& turn =
        send({.text = "facts", .sender = "15550001111", .name = "Bo", .conversation = "c1", .attempt = 2});
    EXPECT_EQ(turn.replies.at(0).text, "15550001111/Bo/text/test/c1/2/1790000000000/20000");
}

TEST_F(SdkTurn, extends_its_deadline_within_the_host_s_bound) {
    const auto& turn = send({.text = "extend"});
    EXPECT_EQ(turn.replies.at(0).text, "extended");
}

TEST_F(SdkTurn, awaits_subtasks_within_subtasks) {
    const auto& turn = send({.text = "subtask"});
    EXPECT_TRUE(turn.open());
    host.advance(5ms);
    host.advance(5ms);
    EXPECT_EQ(turn.text(), "Asha subtask\nAsha subtask\ndone");
}

TEST_F(SdkTurn, gets_the_exception_of_a_subtask) {
    const auto& turn = send({.text = "subtask throws"});
    host.advance(10ms);
    EXPECT_EQ(turn.error, "no name today");
}

TEST_F(SdkTurn, destroys_subtasks_with_it) {
    const auto& turn = send({.text = "subtask"});
    host.cancel(turn.id);
    EXPECT_EQ(host.log().size(), 1U);
    host.advance(1s);
    EXPECT_TRUE(turn.replies.empty());
}

TEST_F(SdkTurn, goes_to_the_handler_of_its_kind) {
    EXPECT_EQ(send({.kind = PARLEY_EVENT_FOLLOWUP}).text(), "still interested?");
}

TEST_F(SdkTurn, of_a_kind_without_handler_is_finished_at_once) {
    for (const std::uint32_t kind :
         {std::uint32_t{PARLEY_EVENT_STATUS}, std::uint32_t{PARLEY_EVENT_SYSTEM}, 999U}) {
        const auto& turn = send({.text = "throw", .kind = kind});
        EXPECT_TRUE(turn.committed()) << kind;
        EXPECT_TRUE(turn.replies.empty()) << kind;
    }
}

TEST_F(SdkTurn, takes_a_result_for_nobody_without_harm) {
    const parley_result result{.struct_size = sizeof(parley_result), .status = PARLEY_OK};
    host.agent().on_result(host.agent().self, 12345, &result);
    host.agent().on_cancel(host.agent().self, 12345, PARLEY_TIMEOUT);
    EXPECT_TRUE(send({.text = "Hi"}).committed());
}

TEST_F(SdkTurn, many_may_wait_at_once) {
    for (int i = 0; i < 200; ++i) send({.text = "wait", .sender = std::to_string(i)});
    EXPECT_EQ(host.operations(), 200U);
    host.advance(1s);
    EXPECT_EQ(host.operations(), 0U);
    EXPECT_EQ(host.log().size(), 200U);
}

TEST(SdkTimer, refused_ends_the_turn_with_a_reason) {
    FakeHost host(plugin_of<Puppet>, {.operations = 0});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "wait"}).error, "sleep: refused by the host (limit)");
}

TEST(SdkTimer, missing_in_the_host_ends_the_turn_with_a_reason) {
    FakeHost host(plugin_of<Puppet>, {.withheld = {PARLEY_EXT_TIMER}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "wait"}).error, "sleep: refused by the host (unsupported)");
}

// A turn that the host takes away while its coroutine runs, as a deadline on another thread does.
TEST(SdkTurnOver, unwinds_the_coroutine_silently) {
    struct Late : parley::Agent<Late> {
        parley::Task on_message(parley::Turn turn) {
            host().finish(host().ctx, turn.id(), PARLEY_TIMEOUT, {});
            try {
                turn.reply("too late");
            } catch (const std::exception&) {
                turn.log("caught as an error");
            }
            turn.log("went on");
            co_return;
        }
    };
    FakeHost host(plugin_of<Late>);
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({}).status, PARLEY_TIMEOUT);
    EXPECT_TRUE(host.log().empty());
    EXPECT_EQ(host.misbehaviours().size(), 1U) << "the reply, and no second finish";
}

}  // namespace
