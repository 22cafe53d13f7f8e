// Check::maximal: work on a thread that the contract does not allow.
#include <coroutine>
#include <string>
#include <thread>

#include <parley/sdk.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using parley::testing::FakeHost;
using parley::testing::plugin_of;

// Goes on, on a thread of its own, and waits for it.
struct Elsewhere {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> coroutine) const { std::thread(coroutine).join(); }
    void await_resume() const noexcept {}
};

template <class Derived>
struct Wanderer : parley::Agent<Derived> {
    parley::Task on_message(parley::Turn turn) {
        turn.annotate("before", this->in_agent() ? "in" : "out");
        if (turn.text == "go") co_await Elsewhere{};
        turn.reply(this->in_agent() ? "in" : "out");
    }
};
struct Watched : Wanderer<Watched> {
    static constexpr auto check = parley::Check::maximal;
};
struct Unwatched : Wanderer<Unwatched> {};

TEST(SdkThreadCheck, tells_where_an_agent_is) {
    FakeHost host(plugin_of<Unwatched>);
    ASSERT_TRUE(host.start().ok());
    const auto& turn = host.send({.text = "go"});
    EXPECT_EQ(turn.annotation("before"), "in");
    EXPECT_EQ(turn.text(), "out");
    EXPECT_TRUE(host.misbehaviours().empty());
}

TEST(SdkThreadCheck, reports_a_turn_that_wandered_off) {
    FakeHost host(plugin_of<Watched>);
    ASSERT_TRUE(host.start().ok());
    host.send({.text = "stay"});
    EXPECT_TRUE(host.misbehaviours().empty());
    host.send({.text = "go"});
    EXPECT_EQ(host.misbehaviours(),
              std::vector<std::string>{
                  "a turn was used outside of a call of the host: resume it through the host"});
}

TEST(SdkThreadCheck, keeps_quiet_where_the_host_cannot_tell) {
    FakeHost host(plugin_of<Watched>, {.withheld = {PARLEY_EXT_THREAD_CHECK}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "go"}).text(), "in");
    EXPECT_TRUE(host.misbehaviours().empty());
}

}  // namespace
