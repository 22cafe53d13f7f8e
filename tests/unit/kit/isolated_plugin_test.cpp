#include "kit/isolated_plugin.hpp"

#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <parley/testing/fake_host.hpp>

#include "fakes/temp_folder.hpp"
#include "kit/script_runs.hpp"

namespace parley::kit {
namespace {

using namespace std::chrono_literals;
using testing::FakeHost;
using ::testing::HasSubstr;
using testing::HostOptions;
using testing::Library;
using testing::TurnRecord;

HostOptions options() {
    HostOptions all;
    all.secrets = {{"KEY", "not telling"}};
    return all;
}

// Each host has its own words for a result that came to nothing.
std::string without_reasons(const std::string& text) {
    return std::regex_replace(text, std::regex("result -7[^\n]*"), "result -7");
}

std::string in_words(const TurnRecord& turn) {
    std::string text = turn.open() ? "open" : std::to_string(turn.status) + " " + turn.error;
    if (turn.postponed_ms) text += " postponed " + std::to_string(*turn.postponed_ms);
    for (const auto& reply : turn.replies) text += "\n  " + reply.type + ": " + without_reasons(reply.text);
    for (const auto& [key, value] : turn.annotations) text += "\n  " + key + "=" + value;
    return text + (turn.state_json ? "\n  " + *turn.state_json : "");
}

// What the agent is told to do, each word in a turn of its own, and what came of it.
std::string conversation(FakeHost& host) {
    host.on_http("GET", "https://crm.test/").reply(503, "busy").then(200, "fine").after(2s);
    host.media().give("11", {.path = "/tmp/photo.jpg"});
    std::vector<const TurnRecord*> turns;
    for (const char* text : {
             "echo Namaste",
             R"(reply {"type":"text","text":{"body":"native"}})",
             "reply nonsense",
             R"(state {"step":1})",
             "event",
             "schema",
             "annotate LOAN",
             "log a line",
             "postpone 5000",
             "secret KEY",
             "secret OTHER",
             "count 2",
             "length 12.5",
             "depth 3",

             "where",
             "clocks",
             "extend 5000",
             "extend 999999999",
             "fail because",

             "get https://crm.test/a",
             "get nonsense",
             "sleep 1500",
             "media 11",
             "media 12",
             R"(upload {"mime_type":"text/plain","filename":"a.txt"})",
             "remove-media 11",
             "kv-put k any one",
             "kv-get k",
             "kv-put k 7 two",
             "kv-list ",
             "kv-remove k",
             "follow-up nudge 5000 0 {\"a\":1}",
             "follow-up gone 6000 0",
             "unfollow gone",
             "start-and-finish",
             "big-state",
         }) {
        turns.push_back(&host.send({.text = text}));
        host.advance(100ms);
    }
    host.advance(10s);
    turns.push_back(&host.send({.text = "get https://crm.test/b", .sender = "919800000002"}));
    turns.push_back(&host.send({.text = "hold", .sender = "919800000003"}));
    turns.push_back(&host.send({.text = "sleep 5000", .sender = "919800000004"}));
    host.advance(1s);
    host.cancel(turns.back()->id);
    host.advance(1min);
    turns.push_back(&host.send({.text = "report"}));
    for (const TurnRecord* followup : host.followup_turns()) turns.push_back(followup);
    std::string told;
    for (const TurnRecord* turn : turns) told += in_words(*turn) + "\n";
    for (const auto& request : host.http_requests()) told += request.method + " " + request.url + "\n";
    told += host.state("919800000001") + "\n";
    told += std::to_string(host.metrics().value("asked_total", {{"kind", "any"}})) + "\n";
    for (const auto& line : host.log())
        if (line.level == PARLEY_LOG_INFO) told += line.message + "\n";
    return told;
}

class BothWays : public ::testing::TestWithParam<const char*> {};

TEST_P(BothWays, an_agent_sees_the_same_host) {
    FakeHost here(Library(GetParam()), options());
    ASSERT_TRUE(here.start().ok());
    const IsolatedPlugin plugin(WORKER, GetParam());
    FakeHost there(plugin.table(), options());
    ASSERT_TRUE(there.start().ok());
    const auto expected = conversation(here);
    const auto found = conversation(there);
    EXPECT_EQ(expected, found);
    there.stop();
    // In other words.
    EXPECT_EQ(here.misbehaviours().size(), there.misbehaviours().size());
}

INSTANTIATE_TEST_SUITE_P(All, BothWays,
                         ::testing::Values(PROBES "/probe.so", PROBES "/variants/probe-blocking.so"));

struct Isolated : ::testing::Test {
    IsolatedPlugin plugin{WORKER, PROBES "/probe.so"};
    FakeHost host{plugin.table(), options()};
};

TEST_F(Isolated, an_exception_fails_its_turn_and_is_kept) {
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "throw a stone"}).error, "on_event threw an exception: a stone");
    EXPECT_THAT(plugin.faults(), ::testing::ElementsAre("on_event threw an exception: a stone"));
    EXPECT_EQ(host.send({.text = "echo still here"}).text(), "still here");
}

TEST(IsolatedPlugin, returns_when_the_agent_has_settled) {
    const IsolatedPlugin plugin(WORKER, PROBES "/variants/probe-blocking.so");
    FakeHost host(plugin.table(), options());
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "nap 30"}).text(), "rested");
}

TEST(IsolatedPlugin, tells_the_end_of_the_process_once) {
    const IsolatedPlugin plugin(WORKER, BAD_PLUGINS "/aborts.so");
    FakeHost host(plugin.table());
    ASSERT_TRUE(host.start().ok());
    EXPECT_THROW(host.send({.text = "Hi"}), WorkerEnded);
    EXPECT_NO_THROW(host.send({.text = "Anybody?"}));
    EXPECT_NO_THROW(host.stop());
}

TEST_F(Isolated, a_refused_configuration_says_why) {
    const testing::StartResult started = host.start(R"({"refuse": true})");
    EXPECT_EQ(started.status, PARLEY_CONFIG);
    EXPECT_THAT(started.error, HasSubstr("refuse"));
}

TEST(IsolatedPlugin, says_when_there_is_no_worker) {
    const IsolatedPlugin plugin("/nowhere/parley-worker", ECHO_C_SO);
    FakeHost host(plugin.table());
    EXPECT_THAT(host.start().error, HasSubstr("cannot start /nowhere/parley-worker"));
}

// The scripts that come with the agents.
struct Shipped {
    const char* agent;
    const char* script;
};

std::ostream& operator<<(std::ostream& out, const Shipped& shipped) {
    return out << shipped.agent;
}

class Scripts : public ::testing::TestWithParam<Shipped> {};

TEST_P(Scripts, pass_in_the_engine_s_process_and_in_a_worker) {
    const std::filesystem::path sources(PARLEY_SOURCE_DIR);
    ScriptRunOptions script_options;
    script_options.agent = std::filesystem::path(AGENTS) / GetParam().agent;
    for (const char* worker : {"", WORKER})
        for (const bool swaps : {false, true}) {
            script_options.worker = worker;
            script_options.swap_each_step = swaps;
            const auto run = run_script_in_child(sources / GetParam().script, script_options);
            ASSERT_TRUE(run) << run.error().message();
            EXPECT_TRUE(run->report.has_passed()) << to_text(*run, {});
        }
}

INSTANTIATE_TEST_SUITE_P(
    All, Scripts,
    ::testing::Values(Shipped{"echo.so", "plugin-api/examples/echo/echo.yaml"},
                      Shipped{"echo-c.so", "plugin-api/examples/echo-c/echo-c.yaml"},
                      Shipped{"http-forwarder.so", "plugins/http-forwarder/tests/conversation.yaml"},
                      Shipped{"credit-card-agent.so", "plugins/credit-card-agent/tests/conversation.yaml"}));

TEST(Scripts, trace_what_crosses_the_contract) {
    const fakes::TempFolder folder;
    ScriptRunOptions script_options;
    script_options.agent = ECHO_C_SO;
    script_options.trace = folder.path() / "trace.json";
    for (const char* worker : {"", WORKER}) {
        script_options.worker = worker;
        const auto run =
            run_script_in_child(PARLEY_SOURCE_DIR "/plugin-api/examples/echo-c/echo-c.yaml", script_options);
        ASSERT_TRUE(run && run->report.has_passed());
        const auto events = nlohmann::json::parse(std::ifstream(script_options.trace), nullptr, false);
        ASSERT_TRUE(events.is_array());
        std::string told;
        for (const auto& event : events) {
            const std::string phase = event["ph"];
            told += phase + " " + event["name"].get<std::string>();
            if (phase == "i") told += " " + event["args"]["status"].get<std::string>();
            told += "\n";
        }
        EXPECT_THAT(told, HasSubstr("B on_event\ni reply"));
        EXPECT_THAT(told, HasSubstr("OK\ni finish OK\nE on_event\n"));
    }
}

TEST(Scripts, trace_up_to_a_crash) {
    const fakes::TempFolder folder;
    const auto script = folder.path() / "crash.yaml";
    std::ofstream(script) << "steps:\n  - user: Hi\n";
    ScriptRunOptions script_options;
    script_options.agent = BAD_PLUGINS "/aborts.so";
    script_options.trace = folder.path() / "trace.json";
    ASSERT_TRUE(run_script_in_child(script, script_options));
    std::stringstream trace;
    trace << std::ifstream(script_options.trace).rdbuf();
    const std::string text = trace.str();
    EXPECT_THAT(text.substr(text.rfind('\n')), HasSubstr(R"("name":"on_event","ph":"B")"));
}

TEST(Scripts, say_how_a_worker_ended) {
    const fakes::TempFolder folder;
    const auto script = folder.path() / "crash.yaml";
    std::ofstream(script) << "steps:\n  - user: Hi\n";
    ScriptRunOptions script_options;
    script_options.agent = BAD_PLUGINS "/aborts.so";
    script_options.worker = WORKER;
    const auto run = run_script_in_child(script, script_options);
    ASSERT_TRUE(run) << run.error().message();
    ASSERT_EQ(run->report.failures.size(), 1U);
    EXPECT_EQ(run->report.failures[0].what, "its worker was ended by signal 6 (SIGABRT)");
}

}  // namespace
}  // namespace parley::kit
