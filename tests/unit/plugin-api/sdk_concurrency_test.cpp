// "concurrency":"conversation": several threads call one SDK agent, each about turns of its own.
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <parley/ext/timer.h>
#include <parley/sdk.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

struct Sleeper : parley::Agent<Sleeper> {
    // Its line in the log is the sign that the coroutine's locals are gone.
    struct Guard {
        const parley::Turn& turn;
        ~Guard() { turn.log("gone"); }
    };

    parley::Task on_message(parley::Turn turn) {
        using namespace std::chrono_literals;
        const Guard guard{turn};
        co_await turn.sleep(1ms);
        co_await turn.sleep(1ms);
        turn.reply("done");
    }
};

// Counts, and hands the operation just started to the thread that started it.
struct CountingHost {
    std::atomic<std::uint64_t> finished{0};
    std::atomic<std::uint64_t> committed{0};
    std::atomic<std::uint64_t> gone{0};
    std::atomic<std::uint64_t> replies{0};
    std::atomic<parley_op> last_op{0};
    static thread_local parley_op started;

    static CountingHost& of(void* ctx) { return *static_cast<CountingHost*>(ctx); }

    parley_timer timer{sizeof(parley_timer),
                       [](void* ctx, parley_turn, std::uint32_t, parley_op* op) {
                           *op = started = ++of(ctx).last_op;
                           return parley_status{PARLEY_OK};
                       },
                       [](void*, parley_op) { return parley_status{PARLEY_OK}; }};

    parley_host table{
        .struct_size = sizeof(parley_host),
        .abi_major = PARLEY_ABI_MAJOR,
        .ctx = this,
        .get_extension = [](void* ctx, const char* id) -> const void* {
            return std::strcmp(id, PARLEY_EXT_TIMER) == 0 ? &of(ctx).timer : nullptr;
        },
        .log = [](void* ctx, std::int32_t, parley_turn, parley_str, parley_str) { ++of(ctx).gone; },
        .reply_text =
            [](void* ctx, parley_turn, parley_str) {
                ++of(ctx).replies;
                return parley_status{PARLEY_OK};
            },
        .finish =
            [](void* ctx, parley_turn, parley_status status, parley_str) {
                ++of(ctx).finished;
                if (status == PARLEY_OK) ++of(ctx).committed;
                return parley_status{PARLEY_OK};
            }};
};
thread_local parley_op CountingHost::started = 0;

struct SdkConcurrency : testing::Test {
    SdkConcurrency() {
        char err[64];
        const auto& plugin = parley::testing::plugin_of<Sleeper>;
        EXPECT_EQ(plugin.create("test.agent", &host.table, {}, &agent, err, sizeof err), PARLEY_OK);
    }
    ~SdkConcurrency() override { destroy(); }

    void destroy() {
        if (agent.self) agent.destroy(agent.self);
        agent.self = nullptr;
    }

    void begin(parley_turn turn) {
        const parley_event event{.struct_size = sizeof(parley_event), .turn = turn};
        agent.on_event(agent.self, &event);
    }
    void complete(parley_status status) {
        const parley_result result{.struct_size = sizeof(parley_result), .status = status};
        agent.on_result(agent.self, CountingHost::started, &result);
    }

    CountingHost host;
    parley_agent agent{.struct_size = sizeof(parley_agent)};
};

TEST_F(SdkConcurrency, turns_of_many_threads_do_not_disturb_each_other) {
    constexpr std::uint64_t threads = 4;
    constexpr std::uint64_t turns = 500;
    std::vector<std::thread> pool;
    for (std::uint64_t thread = 0; thread < threads; ++thread) {
        pool.emplace_back([this, thread] {
            for (std::uint64_t i = 1; i <= turns; ++i) {
                const parley_turn turn = thread * turns + i;
                begin(turn);
                complete(PARLEY_OK);
                if (i % 2 == 0) {
                    agent.on_cancel(agent.self, turn, PARLEY_TIMEOUT);
                } else {
                    complete(PARLEY_OK);
                }
            }
        });
    }
    for (auto& thread : pool) thread.join();
    EXPECT_EQ(host.committed, threads * turns / 2);
    EXPECT_EQ(host.finished, threads * turns / 2);
    EXPECT_EQ(host.gone, threads * turns);
    EXPECT_EQ(host.replies, threads * turns / 2);
}

TEST_F(SdkConcurrency, a_cancelled_operation_does_not_wake_the_turn_before_on_cancel_comes) {
    begin(1);
    complete(PARLEY_CANCELLED);
    EXPECT_EQ(host.gone, 0U);
    EXPECT_EQ(host.finished, 0U);
    agent.on_cancel(agent.self, 1, PARLEY_TIMEOUT);
    complete(PARLEY_OK);
    EXPECT_EQ(host.gone, 1U);
    EXPECT_EQ(host.replies, 0U);
    EXPECT_EQ(host.finished, 0U);
}

TEST_F(SdkConcurrency, frames_left_by_the_host_go_with_the_agent) {
    for (parley_turn turn = 1; turn <= 3; ++turn) begin(turn);
    EXPECT_EQ(host.gone, 0U);
    destroy();
    EXPECT_EQ(host.gone, 3U);
    EXPECT_EQ(host.finished, 0U);
}

}  // namespace
