#include "host/isolated_agent.hpp"

#include <csignal>
#include <sstream>

#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class IsolatedAgentTest : public HostFixture {
  protected:
    IsolatedAgentTest() {
        isolated_ = WorkerLimits{};
        options_.paths.push_back(test_plugins() / "villains");
    }

    // Lets the clock run until it is so: only while no worker runs, which must not pass for a slow one.
    bool in_time(const std::function<bool()>& is_so, Millis step = Millis{10}) {
        return eventually([&] {
            if (is_so()) return true;
            if (status().pid == 0) pass(step);
            std::this_thread::sleep_for(Millis{1});  // for the other process, which has no part in our clock
            return is_so();
        });
    }
    void pass(Millis step) {
        clock_.advance(step);
        host().step();
    }
    // How long until a worker that does not answer is killed.
    Millis time_to_end(const Asked& asked) {
        const MonoTime began = clock_.mono();
        EXPECT_TRUE(eventually([&] {
            pass(Millis{100});
            std::this_thread::yield();
            return asked.is_finished();
        }));
        return std::chrono::duration_cast<Millis>(clock_.mono() - began);
    }
    WorkerStatus status() { return host().worker(DeploymentId{"shop"}).value_or(WorkerStatus{}); }
    bool is_running() { return status().state == "running"; }
    Ending ending_of(const Asked& asked) {
        EXPECT_TRUE(in_time([&] { return asked.is_finished(); }));
        return asked.wait().ending;
    }
    Asked ask_again(Agent& agent, const std::string& text, std::uint32_t attempt, int conversation = 1) {
        TurnEvent facts = event(text, conversation);
        facts.attempt = attempt;
        Asked asked(std::move(facts));
        agent.deliver(asked.turn());
        return asked;
    }
};

TEST_F(IsolatedAgentTest, however_its_process_ends_the_turn_in_hand_has_crashed_and_the_next_is_answered) {
    const auto agent = make("villain");
    for (const char* how : {"segv", "abort", "exit", "_exit", "kill", "thread", "close-fds"}) {
        const auto began = status().restarts;
        EXPECT_EQ(ending_of(ask(*agent, std::string("end ") + how)), Ending::crashed) << how;
        EXPECT_TRUE(in_time([&] { return status().restarts == began + 1 && is_running(); })) << how;
        EXPECT_EQ(ask(*agent, "still here").reply(), text_reply("still here")) << how;
        clock_.advance(Millis{60'001});  // long enough to be well again
    }
    EXPECT_EQ(metric("parley_worker_restarts_total", {{"deployment", "shop"}}), 7);
    EXPECT_EQ(metrics_.gauge("parley_worker_up", "", {{"deployment", "shop"}}).value(), 1);
}

TEST_F(IsolatedAgentTest, one_that_is_stuck_in_a_callback_is_killed_after_the_stall_limit) {
    const auto agent = make("villain");
    const Asked asked = ask(*agent, "end spin");
    EXPECT_GE(time_to_end(asked), Millis{5'000});
    EXPECT_EQ(asked.wait().ending, Ending::crashed);
    EXPECT_NE(status().last_end.find("SIGKILL"), std::string::npos) << status().last_end;
}

TEST_F(IsolatedAgentTest, one_that_was_stopped_is_killed_when_it_does_not_answer) {
    const auto agent = make("villain");
    const Asked asked = ask(*agent, "end stop");
    EXPECT_GE(time_to_end(asked), Millis{5'000});
    EXPECT_EQ(asked.wait().ending, Ending::crashed);
}

TEST_F(IsolatedAgentTest, what_only_shared_the_process_is_delivered_again_uncounted) {
    const auto agent = make("villain");
    const std::string held = (folder_.path() / "held").string();
    const Asked beside = ask(*agent, "hold-once " + held, 1);
    ASSERT_EQ(ask(*agent, "x", 2).reply(), text_reply("x"));
    EXPECT_EQ(ending_of(ask(*agent, "end abort", 3)), Ending::crashed);
    EXPECT_TRUE(in_time([&] { return beside.is_finished(); }));
    EXPECT_EQ(beside.reply(), text_reply("delivered again"));
}

TEST_F(IsolatedAgentTest, a_turn_that_crashed_before_comes_alone) {
    const auto agent = make("villain");
    const Asked open = ask(*agent, "hold", 1);
    const Asked suspect = ask_again(*agent, "suspect", 1, 2);
    const Asked after = ask(*agent, "after", 3);
    EXPECT_FALSE(suspect.is_finished());
    EXPECT_FALSE(after.is_finished());
    open.turn()->revoke();
    agent->cancel(open.turn(), "deadline");
    EXPECT_EQ(suspect.reply(), text_reply("suspect #1"));
    EXPECT_EQ(after.reply(), text_reply("after"));
}

TEST_F(IsolatedAgentTest, one_that_crashes_too_often_fails_its_turns_at_once_until_one_has_ended_well) {
    const auto agent = make("villain");
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(in_time([&] { return is_running(); })) << i;
        EXPECT_EQ(ending_of(ask(*agent, "end abort")), Ending::crashed);
    }
    EXPECT_EQ(status().state, "open");
    const TurnResult refused = ask(*agent, "hello").wait();
    EXPECT_FALSE(refused.ok);
    EXPECT_EQ(refused.ending, Ending::finished);
    EXPECT_NE(refused.error.find("crashed too often"), std::string::npos) << refused.error;
    EXPECT_EQ(metrics_.gauge("parley_worker_breaker_open", "", {{"deployment", "shop"}}).value(), 1);

    EXPECT_TRUE(in_time([&] { return status().state == "probing" && status().pid != 0; }, Millis{1'000}));
    const Asked probe = ask(*agent, "hold", 1);
    EXPECT_FALSE(ask(*agent, "beside the probe", 2).wait().ok);
    probe.turn()->revoke();
    agent->cancel(probe.turn(), "deadline");
    EXPECT_TRUE(in_time([&] { return ask(*agent, "probe").wait().ok; }));
    EXPECT_EQ(status().state, "running");
}

TEST_F(IsolatedAgentTest, turns_wait_while_no_worker_runs) {
    const auto agent = make("villain");
    EXPECT_EQ(ending_of(ask(*agent, "end abort")), Ending::crashed);
    const Asked waits = ask(*agent, "waits");
    const Asked gone = ask(*agent, "gone");
    gone.turn()->revoke();
    agent->cancel(gone.turn(), "deadline");
    EXPECT_FALSE(waits.is_finished());
    EXPECT_TRUE(in_time([&] { return waits.is_finished(); }));
    EXPECT_EQ(waits.reply(), text_reply("waits"));
}

TEST_F(IsolatedAgentTest, has_no_more_turns_at_once_than_its_window) {
    isolated_->turns = 2;
    const auto agent = make("villain");
    std::vector<Asked> held{ask(*agent, "hold", 1), ask(*agent, "hold", 2)};
    const Asked third = ask(*agent, "third", 3);
    EXPECT_FALSE(third.is_finished());
    held[0].turn()->revoke();
    agent->cancel(held[0].turn(), "deadline");
    EXPECT_EQ(third.reply(), text_reply("third"));
    held[1].turn()->revoke();
    agent->cancel(held[1].turn(), "deadline");
}

TEST_F(IsolatedAgentTest, that_breaks_the_protocol_is_ended) {
    const auto agent = make("villain");
    for (const char* how : {"short", "liar", "nonsense", "unknown-type", "flood"}) {
        ASSERT_TRUE(in_time([&] { return is_running(); })) << how;
        const auto began = status().restarts;
        const Asked asked = ask(*agent, std::string("abuse ") + how);
        EXPECT_TRUE(in_time([&] { return status().restarts == began + 1 && is_running(); })) << how;
        EXPECT_NE(status().last_end.find("SIGKILL"), std::string::npos) << how << status().last_end;
        clock_.advance(Millis{60'001});
    }
}

TEST_F(IsolatedAgentTest, that_names_turns_it_does_not_have_is_refused_and_counted) {
    const auto agent = make("villain");
    EXPECT_EQ(ask(*agent, "abuse stranger").reply(), text_reply("abuse stranger"));
    EXPECT_EQ(ask(*agent, "abuse close-stranger").reply(), text_reply("abuse close-stranger"));
    EXPECT_EQ(misbehaviour(), 2);
}

TEST_F(IsolatedAgentTest, inherits_neither_descriptors_nor_the_environment) {
    ASSERT_EQ(::setenv("PARLEY_TEST_TOKEN", "s3cret", 1), 0);
    const auto agent = make("villain");
    EXPECT_EQ(ask(*agent, "tell fds").reply(), text_reply("0 1 2 3 4 "));
    EXPECT_EQ(ask(*agent, "tell environment").reply(),
              text_reply("PATH=/usr/local/bin:/usr/bin:/bin;LANG=C.UTF-8;"));
}

TEST_F(IsolatedAgentTest, lives_within_its_limits) {
    isolated_->files = 99;
    isolated_->memory = 3ULL << 30;
    const auto agent = make("villain");
    std::istringstream told(ask(*agent, "tell limits").reply().substr(text_reply("").size() - 3));
    std::uint64_t files = 0;
    std::uint64_t memory = 0;
    std::uint64_t core = 1;
    std::uint64_t no_new_privileges = 0;
    told >> files >> memory >> core >> no_new_privileges;
    EXPECT_EQ(files, 99U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_EQ(memory, 3072U);
#endif
    EXPECT_EQ(core, 0U);
    EXPECT_EQ(no_new_privileges, 1U);
}

TEST_F(IsolatedAgentTest, sends_and_gets_what_no_packet_holds) {
    const auto agent = make("villain");
    const Asked asked = ask(*agent, "post 3000000");
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->second.body, std::string(3'000'000, 'b'));
    http_.answer(call->first, 200, std::string(5'000'000, 'a'));
    EXPECT_EQ(asked.reply(), text_reply("0 5000000"));
    const std::string large(300'000, 'x');
    EXPECT_EQ(ask(*agent, "tell pid " + large).reply(), text_reply(std::to_string(status().pid)));
}

TEST_F(IsolatedAgentTest, that_dies_while_it_starts_does_not_start) {
    const auto made = host().create(DeploymentId{"shop"}, "villain", R"({"die":1})", {}, isolated_);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message(),
              "agent villain: its worker was ended by signal 6 (SIGABRT) while it started");
    EXPECT_TRUE(eventually([&] { return host().instance_count() == 0; }));
}

TEST_F(IsolatedAgentTest, that_refuses_its_configuration_says_so) {
    const auto made = host().create(DeploymentId{"shop"}, "probe", R"({"a":"refuse"})", {}, isolated_);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), Errc::invalid_input);
    EXPECT_EQ(made.error().message(), "agent probe: agent probe: refuse: this agent cannot be configured");
}

TEST_F(IsolatedAgentTest, without_the_program_does_not_start) {
    options_.worker_program = folder_.path() / "no-worker";
    const auto made = host().create(DeploymentId{"shop"}, "probe", "", {}, isolated_);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message().find("no-worker: No such file"), std::string::npos)
        << made.error().message();
}

TEST_F(IsolatedAgentTest, ends_its_process_when_it_is_released_and_when_the_host_goes) {
    auto first = make("villain");
    const auto pid = static_cast<pid_t>(status().pid);
    EXPECT_EQ(ask(*first, "tell pid").reply(), text_reply(std::to_string(pid)));
    first.reset();
    EXPECT_TRUE(eventually([&] { return host().instance_count() == 0; }));
    EXPECT_EQ(::kill(pid, 0), -1);

    const auto second = make("villain");
    const auto held = ask(*second, "end spin");
    const auto stuck = static_cast<pid_t>(status().pid);
    EXPECT_TRUE(host().shutdown(Millis{10}));
    EXPECT_EQ(::kill(stuck, 0), -1);
    EXPECT_FALSE(held.is_finished());
}

}  // namespace
}  // namespace parley
