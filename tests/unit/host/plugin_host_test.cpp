#include "host/plugin_host.hpp"

#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "host/plugin_library.hpp"
#include "host_fixture.hpp"

namespace parley {
namespace {

class PluginHostTest : public HostFixture {
  protected:
    Error failure_of(const std::string& name, const std::string& config = "{}") {
        const auto agent = host().create(DeploymentId{"shop"}, name, config, {});
        EXPECT_FALSE(agent) << name;
        return agent ? Error() : agent.error();
    }
    std::string sinner(const std::string& name) {
        return (test_plugins() / "sinners" / (name + ".so")).string();
    }
};

TEST_F(PluginHostTest, discovers_agents_and_says_which_cannot_run) {
    std::filesystem::copy(test_plugins() / "plain.so", folder_.path() / "plain-copy.so");
    std::ofstream(folder_.path() / "broken.so") << "nonsense";
    std::ofstream(folder_.path() / "notes.txt") << "nothing";
    options_.paths.push_back(folder_.path());
    const auto found = host().discover();
    ASSERT_TRUE(found) << found.error().message();
    ASSERT_EQ(found->size(), 4U);
    EXPECT_EQ((*found)[0].manifest.id, "plain");
    EXPECT_EQ((*found)[1].manifest.id, "probe");
    EXPECT_TRUE((*found)[2].problem.ends_with(
        "broken.so: is not a shared library (no ELF header): name the .so file that the "
        "agent's build made"));
    ASSERT_EQ((*found)[3].warnings.size(), 1U);
    EXPECT_EQ((*found)[3].warnings[0], "another file found earlier has the id plain and is used instead");
}

TEST_F(PluginHostTest, says_that_a_folder_of_agents_is_missing) {
    options_.paths.push_back("/nowhere/agents");
    EXPECT_EQ(host().discover().error(),
              Error(Errc::not_found, "agents.path: /nowhere/agents is not a folder"));
}

TEST_F(PluginHostTest, finds_an_agent_by_id_by_file_name_and_by_path) {
    options_.paths = {test_plugins() / "variants"};
    EXPECT_EQ(host().inspect("probe")->manifest.version, "2.0.0") << "the first of two files with this id";
    EXPECT_EQ(host().inspect("probe-blocking")->manifest.version, "1.1.0");
    EXPECT_EQ(host().inspect((test_plugins() / "plain.so").string())->manifest.id, "plain");
}

TEST_F(PluginHostTest, offers_what_there_is_when_an_agent_is_unknown) {
    EXPECT_EQ(failure_of("prob"),
              Error(Errc::not_found,
                    "there is no agent \"prob\". Did you mean \"probe\"? Known agents: plain, probe"));
    EXPECT_EQ(failure_of("something-else"),
              Error(Errc::not_found, "there is no agent \"something-else\". Known agents: plain, probe"));
    options_.paths = {folder_.path()};
    PluginHost empty(options_, http_, clock_, random_, metrics_);
    EXPECT_EQ(empty.inspect("echo").error().message(),
              "there is no agent \"echo\". No agents were found on agents.path: " + folder_.path().string());
}

TEST_F(PluginHostTest, passes_on_why_an_agent_refuses_its_configuration) {
    EXPECT_EQ(failure_of("probe", R"({"refuse":1})"),
              Error(Errc::invalid_input, "agent probe: refuse: this agent cannot be configured"));
    EXPECT_EQ(failure_of(sinner("create-refuses")),
              Error(Errc::invalid_input, "agent sinner: config.facts: the file has no section \"fees\""));
    EXPECT_EQ(failure_of("probe", "[]"), Error(Errc::invalid_input, "config: must be a JSON object"));
    EXPECT_EQ(failure_of("probe", "{"), Error(Errc::invalid_input, "config: must be a JSON object"));
    EXPECT_EQ(host().instance_count(), 0U);
}

TEST_F(PluginHostTest, survives_agents_that_fail_to_be_made) {
    EXPECT_EQ(failure_of("probe", R"({"a":"throw"})"),
              Error(Errc::fault, "agent probe: create threw an exception: thrown from create"));
    EXPECT_EQ(failure_of(sinner("no-on-event")),
              Error(Errc::fault, "agent sinner: create gave no on_event or no destroy: both are needed"));
    EXPECT_EQ(failure_of(sinner("raises-size")),
              Error(Errc::fault,
                    "agent sinner: create raised struct_size: it may only lower what the host has set"));
    EXPECT_EQ(failure_of(sinner("start-refuses")), Error(Errc::fault, "agent sinner: start answered DENIED"));
    EXPECT_EQ(faults(), 1);
    EXPECT_TRUE(eventually([&] { return host().instance_count() == 0; }));
}

TEST_F(PluginHostTest, does_not_wait_for_ever_for_an_agent_to_start) {
    options_.start_limit = Millis{10};
    EXPECT_EQ(failure_of(sinner("start-dawdles")),
              Error(Errc::unavailable, "agent sinner: start did not return within 10 ms"));
    EXPECT_TRUE(eventually([&] { return host().instance_count() == 0; }));
}

TEST_F(PluginHostTest, two_versions_of_an_agent_run_side_by_side) {
    const auto one = make("probe");
    const auto two = make((test_plugins() / "variants/probe-2.so").string());
    EXPECT_EQ(ask(*one, "echo one").reply(), text_reply("one"));
    EXPECT_EQ(ask(*two, "echo two").reply(), text_reply("two"));
}

TEST_F(PluginHostTest, destroys_and_unloads_an_agent_when_its_last_turn_has_ended) {
    auto agent = make("probe");
    const Asked asked = ask(*agent, "sleep 100");
    ASSERT_EQ(ask(*agent, "echo x").reply(), text_reply("x"));
    agent.reset();
    EXPECT_EQ(host().instance_count(), 1U);
    clock_.advance(Millis{100});
    host().step();
    EXPECT_EQ(asked.reply(), text_reply("0 0  "));
    EXPECT_TRUE(eventually([&] { return host().instance_count() == 0; }));
    std::filesystem::path staged;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(options_.state_dir))
        if (entry.path().filename() == "probe.so") staged = entry.path();
    ASSERT_FALSE(staged.empty());
    EXPECT_TRUE(eventually([&] { return !is_mapped(staged); }));
}

TEST_F(PluginHostTest, shuts_down_with_turns_open_and_leaves_them_for_the_next_start) {
    auto agent = make("probe");
    const Asked held = ask(*agent, "hold");
    const Asked waiting = ask(*agent, "get https://example.org/");
    ASSERT_TRUE(http_.wait_for_call(1));
    EXPECT_TRUE(host().shutdown(Millis{1}));
    EXPECT_EQ(host().instance_count(), 0U);
    EXPECT_FALSE(held.is_finished());
    EXPECT_TRUE(held.turn()->is_open());
    EXPECT_FALSE(waiting.is_finished());
    EXPECT_EQ(http_.open_calls(), 0U);
    const Asked late = ask(*agent, "echo x");
    EXPECT_FALSE(late.is_finished());
    EXPECT_EQ(host().create(DeploymentId{"shop"}, "probe", "", {}).error().code(), Errc::unavailable);
    agent.reset();
}

TEST_F(PluginHostTest, an_agent_stuck_in_a_callback_fails_its_turns_and_no_others) {
    options_.threads = 1;
    const auto stuck = make("probe");
    const auto other = make("plain");
    std::promise<void> release;
    auto gate = release.get_future().share();
    std::promise<void> entered;
    // The agent is held inside host->finish(), which calls the turn's own completion.
    stuck->deliver(std::make_shared<Turn>(event("echo x"), [&](TurnResult) {
        entered.set_value();
        gate.wait();
    }));
    entered.get_future().wait();
    clock_.advance(Millis{5'001});
    host().step();
    EXPECT_EQ(metric("parley_agent_stalls_total", {}), 1);
    EXPECT_EQ(ask(*stuck, "echo y").wait().error, "the agent is stuck in a callback");
    EXPECT_EQ(ask(*other, "hello").reply(), text_reply("hello"));
    release.set_value();
    EXPECT_TRUE(eventually([&] { return ask(*stuck, "echo again").wait().ok; }));
}

TEST_F(PluginHostTest, tells_which_libraries_are_in_memory) {
    EXPECT_TRUE(host().loaded().empty());
    auto one = host().create(DeploymentId{"shop"}, "probe", "", {});
    auto again = host().create(DeploymentId{"desk"}, "probe", "", {});
    auto two = host().create(DeploymentId{"shop"}, "variants/probe-2.so", "", {});
    ASSERT_FALSE(two);
    two = host().create(DeploymentId{"shop"}, (test_plugins() / "variants/probe-2.so").string(), "", {});
    ASSERT_TRUE(one && again && two);
    const auto both = host().loaded();
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].version, "1.0.0");
    EXPECT_EQ(both[0].sha256, one->sha256);
    EXPECT_EQ(one->sha256.size(), 64U);
    EXPECT_TRUE(std::filesystem::exists(two->staged));
    one->agent = nullptr;
    again->agent = nullptr;
    EXPECT_TRUE(eventually([&] { return host().loaded().size() == 1; }));
    EXPECT_EQ(host().loaded()[0].version, "2.0.0");
    EXPECT_TRUE(host().loaded()[0].in_use);
}

}  // namespace
}  // namespace parley
