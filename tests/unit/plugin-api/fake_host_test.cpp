// The fake host keeps the contract: what it refuses, what it reports, and in which order things happen.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <parley/ext/http.h>
#include <parley/ext/timer.h>
#include <parley/sdk/text.hpp>
#include <parley/testing/fake_host.hpp>

namespace {

using namespace std::chrono_literals;
using parley::str;
using parley::view;
using parley::testing::FakeHost;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// An agent whose callbacks only write down; the test makes the host calls itself.
struct Recorder {
    const parley_host* host = nullptr;
    parley_turn turn = 0;
    std::string state_json;
    std::uint64_t state_revision = 0;
    std::vector<std::string> events;
    bool calls_in_create = false;

    static Recorder& of(void* self) { return *static_cast<Recorder*>(self); }
};

// The contract's create has no place for the test's own pointer.
Recorder* current = nullptr;

parley_status create(const char* /*id*/, const parley_host* host, parley_str /*config*/, parley_agent* out,
                     char* /*err*/, size_t /*cap*/) {
    current->host = host;
    if (current->calls_in_create) host->now_unix_ms(host->ctx);
    *out = {.struct_size = sizeof *out,
            .self = current,
            .on_event =
                [](void* self, const parley_event* event) {
                    Recorder::of(self).turn = event->turn;
                    Recorder::of(self).state_json = view(event->state_json);
                    Recorder::of(self).state_revision = event->state_revision;
                },
            .on_result =
                [](void* self, parley_op /*op*/, const parley_result* result) {
                    Recorder::of(self).events.push_back("result " + std::to_string(result->status) + ' ' +
                                                        std::string(view(result->body)));
                },
            .on_cancel =
                [](void* self, parley_turn /*turn*/, parley_status why) {
                    Recorder::of(self).events.push_back("cancel " + std::to_string(why));
                },
            .destroy = [](void* self) { Recorder::of(self).events.emplace_back("destroy"); }};
    return PARLEY_OK;
}

const parley_desc recorder_desc{sizeof(parley_desc), "test.recorder", "0.0.0", "Writes down what it is told"};
const parley_plugin recorder_plugin{sizeof(parley_plugin),
                                    PARLEY_ABI_MAJOR,
                                    PARLEY_ABI_MINOR,
                                    [] { return 1U; },
                                    [](std::uint32_t i) { return i == 0 ? &recorder_desc : nullptr; },
                                    &create};

struct FakeHostTest : testing::Test {
    FakeHostTest() {
        current = &agent;
        EXPECT_TRUE(host.start().ok());
    }

    parley_status finish(parley_status status = PARLEY_OK) {
        return agent.host->finish(agent.host->ctx, agent.turn, status, str("why"));
    }
    const parley_timer& timer() {
        return *static_cast<const parley_timer*>(
            agent.host->get_extension(agent.host->ctx, PARLEY_EXT_TIMER));
    }
    parley_op start_timer(std::uint32_t ms) {
        parley_op op = 0;
        EXPECT_EQ(timer().start(agent.host->ctx, agent.turn, ms, &op), PARLEY_OK);
        return op;
    }
    parley_status request(const char* json) {
        const auto* http =
            static_cast<const parley_http*>(agent.host->get_extension(agent.host->ctx, PARLEY_EXT_HTTP));
        parley_op op = 0;
        return http->request(agent.host->ctx, agent.turn, str(json), {}, &op);
    }

    Recorder agent;
    FakeHost host{recorder_plugin};
};

TEST_F(FakeHostTest, refuses_a_second_finish_and_reports_it) {
    const auto& turn = host.send({});
    EXPECT_EQ(finish(), PARLEY_OK);
    EXPECT_EQ(finish(PARLEY_INTERNAL), PARLEY_STALE);
    EXPECT_TRUE(turn.committed());
    EXPECT_THAT(host.misbehaviours(), ElementsAre("finish: the turn is over already"));
}

TEST_F(FakeHostTest, forgets_what_is_over_and_nothing_else) {
    host.send({});
    request(R"({"url":"https://x.test"})");
    finish();
    const auto& open = host.send({});
    host.forget();
    EXPECT_TRUE(host.http_requests().empty());
    EXPECT_EQ(finish(), PARLEY_OK);
    EXPECT_TRUE(open.committed());
    EXPECT_TRUE(host.misbehaviours().empty());
}

TEST_F(FakeHostTest, refuses_every_use_of_a_stale_turn) {
    host.send({});
    finish();
    const parley_host& table = *agent.host;
    parley_op op = 0;
    EXPECT_EQ(table.reply(table.ctx, agent.turn, str("{}")), PARLEY_STALE);
    EXPECT_EQ(table.reply_text(table.ctx, agent.turn, str("x")), PARLEY_STALE);
    EXPECT_EQ(table.state_put(table.ctx, agent.turn, str("{}")), PARLEY_STALE);
    EXPECT_EQ(table.annotate(table.ctx, agent.turn, str("k"), str("v")), PARLEY_STALE);
    EXPECT_EQ(table.extend(table.ctx, agent.turn, 1), PARLEY_STALE);
    EXPECT_EQ(timer().start(table.ctx, agent.turn, 1, &op), PARLEY_STALE);
    EXPECT_EQ(request(R"({"url":"https://x.test"})"), PARLEY_STALE);
    EXPECT_EQ(host.misbehaviours().size(), 7U);
    EXPECT_EQ(table.finish(table.ctx, 99, PARLEY_OK, {}), PARLEY_STALE);
    EXPECT_EQ(host.misbehaviours().back(), "finish: there never was such a turn");
}

TEST_F(FakeHostTest, refuses_what_is_not_a_json_object) {
    host.send({});
    const parley_host& table = *agent.host;
    EXPECT_EQ(table.reply(table.ctx, agent.turn, str("[1]")), PARLEY_INVALID);
    EXPECT_EQ(table.state_put(table.ctx, agent.turn, str("{")), PARLEY_INVALID);
    EXPECT_EQ(table.state_put(table.ctx, agent.turn, str('{' + std::string(256 * 1024, ' ') + '}')),
              PARLEY_LIMIT);
    EXPECT_EQ(table.annotate(table.ctx, agent.turn, str(""), str("v")), PARLEY_INVALID);
    EXPECT_EQ(request("{}"), PARLEY_INVALID);
    EXPECT_EQ(request(R"({"url":"ftp://x.test"})"), PARLEY_INVALID);
    EXPECT_EQ(request(R"({"url":"https://x.test","headers":{"A":1}})"), PARLEY_INVALID);
}

TEST_F(FakeHostTest, commits_state_with_its_revision_and_nothing_of_a_failed_turn) {
    const parley_host& table = *agent.host;
    host.send({});
    table.state_put(table.ctx, agent.turn, str(R"({"n":1})"));
    EXPECT_EQ(host.state("919800000001"), "") << "staged only";
    finish();
    host.send({});
    EXPECT_EQ(agent.state_json, R"({"n":1})");
    EXPECT_EQ(agent.state_revision, 1U);
    table.state_put(table.ctx, agent.turn, str(R"({"n":2})"));
    finish(PARLEY_INTERNAL);
    host.send({});
    EXPECT_EQ(agent.state_json, R"({"n":1})");
}

TEST_F(FakeHostTest, fires_timers_in_the_order_of_their_time) {
    host.send({});
    start_timer(30);
    start_timer(10);
    EXPECT_THAT(agent.events, IsEmpty());
    host.advance(10ms);
    EXPECT_THAT(agent.events, ElementsAre("result 0 "));
    host.advance(20ms);
    EXPECT_EQ(agent.events.size(), 2U);
}

TEST_F(FakeHostTest, completes_a_cancelled_operation_exactly_once) {
    host.send({});
    const parley_op op = start_timer(10);
    EXPECT_EQ(timer().cancel(agent.host->ctx, op), PARLEY_OK);
    EXPECT_THAT(agent.events, IsEmpty()) << "never inside a host call";
    host.advance(1s);
    EXPECT_THAT(agent.events, ElementsAre("result -7 cancelled by the agent"));
    EXPECT_EQ(timer().cancel(agent.host->ctx, op), PARLEY_STALE);
}

TEST_F(FakeHostTest, ends_the_turn_and_its_operations_at_the_deadline) {
    const auto& turn = host.send({});
    start_timer(60'000);
    host.advance(20s);
    EXPECT_TRUE(turn.cancelled);
    EXPECT_THAT(agent.events, ElementsAre("cancel -6", "result -7 the turn is over"));
    EXPECT_EQ(host.operations(), 0U);
}

TEST_F(FakeHostTest, moves_the_deadline_at_most_to_twice_its_length) {
    const auto& turn = host.send({});
    const parley_host& table = *agent.host;
    EXPECT_EQ(table.extend(table.ctx, agent.turn, 40'001), PARLEY_LIMIT);
    EXPECT_EQ(table.extend(table.ctx, agent.turn, 40'000), PARLEY_OK);
    host.advance(39'999ms);
    EXPECT_TRUE(turn.open());
    host.advance(1ms);
    EXPECT_TRUE(turn.cancelled);
}

TEST_F(FakeHostTest, stops_in_the_order_of_the_contract) {
    host.send({});
    start_timer(10);
    host.stop();
    EXPECT_THAT(agent.events, ElementsAre("cancel -7", "result -7 the turn is over", "destroy"));
    agent.host->now_mono_ns(agent.host->ctx);
    EXPECT_THAT(host.misbehaviours(), ElementsAre("now_mono_ns: called after destroy"));
}

TEST_F(FakeHostTest, reports_calls_that_are_not_allowed_in_create) {
    host.stop();
    agent.calls_in_create = true;
    ASSERT_TRUE(host.start().ok());
    EXPECT_THAT(host.misbehaviours().back(), HasSubstr("now_unix_ms: called inside create"));
}

TEST_F(FakeHostTest, answers_http_by_the_newest_rule_and_keeps_its_last_answer) {
    host.on_http("GET", "https://x.test/").reply(200, "old");
    host.on_http("GET", "https://x.test/a").reply(503, "busy").then(200, "fine");
    host.send({});
    for (const char* url : {"/a", "/a", "/a", "/b"}) {
        ASSERT_EQ(request((R"({"url":"https://x.test)" + std::string(url) + "\"}").c_str()), PARLEY_OK);
        host.advance(0ms);
    }
    EXPECT_THAT(agent.events, ElementsAre("result 0 busy", "result 0 fine", "result 0 fine", "result 0 old"));
}

TEST_F(FakeHostTest, names_a_request_that_no_rule_covers) {
    host.send({});
    request(R"({"method":"POST","url":"https://x.test/lead"})");
    host.advance(0ms);
    EXPECT_THAT(agent.events,
                ElementsAre("result -9 no on_http() of this test covers POST https://x.test/lead"));
}

TEST_F(FakeHostTest, has_its_own_clock_and_repeatable_randomness) {
    const parley_host& table = *agent.host;
    EXPECT_EQ(table.now_unix_ms(table.ctx), 1'790'000'000'000);
    const auto before = table.now_mono_ns(table.ctx);
    host.advance(24h);
    EXPECT_EQ(table.now_unix_ms(table.ctx), 1'790'086'400'000);
    EXPECT_EQ(table.now_mono_ns(table.ctx) - before, 86'400'000'000'000U);

    std::array<unsigned char, 16> first{};
    std::array<unsigned char, 16> again{};
    table.random(table.ctx, first.data(), first.size());
    FakeHost twin(recorder_plugin);
    twin.table().random(twin.table().ctx, again.data(), again.size());
    EXPECT_EQ(first, again);
}

}  // namespace
