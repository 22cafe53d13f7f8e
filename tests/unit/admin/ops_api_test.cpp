#include "admin/ops_api.hpp"

#include <future>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_exchange.hpp"
#include "fakes/fake_message_store.hpp"

namespace parley {
namespace {

using Json = nlohmann::json;

constexpr const char* key = "correct-horse-battery";
constexpr const char* access_token = "EAAG-token-of-graph";

// A store whose reads can fail or throw.
class TroubledStore final : public fakes::FakeMessageStore {
  public:
    std::optional<Error> error;
    bool throws = false;

    Result<StoreCounts> counts() override {
        if (throws) throw std::runtime_error("a mistake of ours");
        if (error) return *error;
        return FakeMessageStore::counts();
    }
};

class Operating : public testing::Test {
  protected:
    Operating() {
        Deployment shop;
        shop.id = DeploymentId("shop");
        shop.channel = PhoneNumberId("111");
        shop.access_token = Secret{access_token};
        shop.deadline = Millis{20'000};
        shop.is_default = true;
        accounts.replace({std::move(shop)});
        api.add_routes(router);
    }

    HttpResponse ask(const std::string& path, const std::string& query = {}, const std::string& with = key) {
        FakeRequest request;
        request.verb = "GET";
        request.where = path;
        request.question = query;
        if (!with.empty()) request.headers = {{"X-API-Key", with}};
        FakeExchange exchange;
        router.handle(request, exchange.responder());
        return exchange.answer();
    }
    Json read(const std::string& path, const std::string& query = {}) {
        const HttpResponse response = ask(path, query);
        EXPECT_EQ(response.status, 200) << response.body;
        EXPECT_EQ(response.content_type, "application/json");
        return Json::parse(response.body, nullptr, false);
    }
    // The `detail` of a refusal.
    std::string refusal(const std::string& path, const std::string& query, int status = 400) {
        const HttpResponse response = ask(path, query);
        EXPECT_EQ(response.status, status) << response.body;
        EXPECT_EQ(response.content_type, "application/problem+json");
        const Json body = Json::parse(response.body, nullptr, false);
        EXPECT_EQ(body.value("status", 0), status);
        return body.value("detail", "");
    }

    ItemSeq receive(const std::string& user) {
        NewItem item;
        item.item.kind = ItemKind::message;
        item.item.channel = PhoneNumberId("111");
        item.item.dedup_id = "wamid." + user;
        item.item.timestamp = clock.wall();
        item.item.message.emplace().from.wa_id = user;
        InboundBatch batch;
        batch.items.push_back(std::move(item));
        ItemSeq seq{};
        store.add_inbound(std::move(batch), [&](auto done) { seq = done->at(0).seq; });
        return seq;
    }
    void bury(const std::string& user, const std::string& detail) {
        TurnCommit commit;
        commit.seq = receive(user);
        commit.state = InboundState::dead;
        commit.at = clock.wall();
        commit.dead_letter = DeadLetter{"the agent could not answer", detail};
        store.commit_turn(std::move(commit), [](auto done) { ASSERT_TRUE(done); });
    }
    OutboundId send(const Recipient& to, OutboundState state) {
        NewOutbound message;
        message.channel = PhoneNumberId("111");
        message.to = to;
        message.payload_json = "{}";
        message.callback = "p1." + to.wa_id + to.user_id;
        OutboundId id{};
        store.add_outbound(message, clock.wall(), [&](auto done) { id = done->id; });
        if (state != OutboundState::queued)
            store.record_outcome({id, state, clock.wall(), 1, {}, 0, "no answer", {}}, [](auto) {});
        return id;
    }

    FakeClock clock;
    AccountRegistry accounts;
    TroubledStore store;
    Metrics metrics;
    std::string trouble;
    std::string graph_trouble;
    ApiGate gate{{{{"api_key", Secret{key}, {ApiScope::admin}}}, false}};
    WorkerPool workers{1, 4};
    OpsApi api{{"1.2.3", 4711, clock.wall(), clock, accounts, store, metrics, [this] { return trouble; },
                [] { return std::size_t{3}; }, [] { return std::size_t{4}; },
                [] {
                    return std::vector<AgentView>{{"dev.parley.echo", "1.0.0", "Repeats", "/lib/echo.so", ""},
                                                  {"", "", "", "/lib/odd.so", "it is no agent"}};
                },
                [](const DeploymentId& id) {
                    return AgentView{"dev.parley.echo", "1.0.0", "for " + id.str(), "/lib/echo.so", "", ""};
                },
                [this](const PhoneNumberId& channel) {
                    return channel.str() == "111" ? graph_trouble : std::string();
                }},
               gate,
               workers};
    Router router;
};

TEST_F(Operating, says_that_it_lives_and_since_when) {
    clock.advance(Millis{61'999});
    const HttpResponse healthy = ask("/health", "", "");
    EXPECT_EQ(healthy.status, 200);
    EXPECT_EQ(Json::parse(healthy.body),
              Json({{"status", "healthy"}, {"version", "1.2.3"}, {"uptime_seconds", 61}, {"ready", true}}));
    trouble = "draining";
    EXPECT_EQ(ask("/health", "", "").status, 200) << "a draining engine lives";
    EXPECT_EQ(read("/health").at("ready"), false);
}

TEST_F(Operating, says_why_it_takes_no_messages) {
    EXPECT_EQ(ask("/ready", "", "").status, 200);
    trouble = "the store cannot be written";
    const HttpResponse waiting = ask("/ready", "", "");
    EXPECT_EQ(waiting.status, 503);
    EXPECT_NE(waiting.body.find(trouble), std::string::npos);
    ASSERT_FALSE(waiting.headers.empty());
    EXPECT_EQ(waiting.headers[0], (std::pair<std::string, std::string>("Retry-After", "1")));
}

TEST_F(Operating, shows_metrics_in_the_form_of_prometheus) {
    metrics.counter("parley_turns_total", "Turns", {{"result", "answered"}}).add(2);
    const HttpResponse page = ask("/metrics", "", "");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.content_type, "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_NE(page.body.find("parley_turns_total{result=\"answered\"} 2\n"), std::string::npos);
}

TEST_F(Operating, shows_the_rest_to_holders_of_the_key_only) {
    for (const char* path : {"/api/status", "/api/deployments", "/api/agents"}) {
        EXPECT_EQ(ask(path, "", "").status, 401) << path;
        EXPECT_EQ(ask(path, "", "wrong").status, 401) << path;
        EXPECT_EQ(ask(path).status, 200) << path;
    }
}

TEST_F(Operating, shows_what_waits_and_what_is_stored) {
    receive("91");
    receive("92");
    bury("93", "no database");
    send({"91", ""}, OutboundState::queued);
    send({"92", ""}, OutboundState::held);
    const Json status = read("/api/status");
    EXPECT_EQ(status.at("version"), "1.2.3");
    EXPECT_EQ(status.at("pid"), 4711);
    EXPECT_EQ(status.at("started_at"), "2026-09-21T14:13:20.000Z");
    EXPECT_EQ(status.at("ready"), true);
    EXPECT_TRUE(status.at("not_ready_because").is_null());
    EXPECT_EQ(status.at("backlog"),
              Json({{"open", 2}, {"unsent", 2}, {"held", 1}, {"in_memory", {{"inbox", 3}, {"outbox", 4}}}}));
    EXPECT_EQ(status.at("stored"),
              Json({{"messages", 3}, {"statuses", 0}, {"unrouted", 0}, {"dead_letters", 1}}));
    trouble = "draining";
    EXPECT_EQ(read("/api/status").at("not_ready_because"), "draining");
    EXPECT_EQ(read("/api/status").at("ready"), false);
}

TEST_F(Operating, shows_the_last_five_errors) {
    for (int i = 1; i <= 7; ++i) bury("9" + std::to_string(i), "error " + std::to_string(i));
    const Json errors = read("/api/status").at("last_errors");
    ASSERT_EQ(errors.size(), 5U);
    EXPECT_EQ(errors[0].at("detail"), "error 3");
    EXPECT_EQ(errors[4], Json({{"at", "2026-09-21T14:13:20.000Z"},
                               {"reason", "the agent could not answer"},
                               {"detail", "error 7"}}));
}

TEST_F(Operating, shows_deployments_without_their_secrets) {
    const HttpResponse response = ask("/api/deployments");
    EXPECT_EQ(response.body.find(access_token), std::string::npos);
    const Json page = Json::parse(response.body);
    EXPECT_TRUE(page.at("next").is_null());
    ASSERT_EQ(page.at("data").size(), 1U);
    EXPECT_EQ(page.at("data")[0], Json({{"id", "shop"},
                                        {"phone_number_id", "111"},
                                        {"not_sending_because", nullptr},
                                        {"default", true},
                                        {"followups", 0},
                                        {"deadline_ms", 20'000},
                                        {"agent",
                                         {{"id", "dev.parley.echo"},
                                          {"version", "1.0.0"},
                                          {"summary", "for shop"},
                                          {"path", "/lib/echo.so"}}}}));
}

TEST_F(Operating, shows_how_many_followups_wait) {
    receive("91");
    const ItemSeq seq = store.tables().items.rbegin()->first;
    TurnCommit turn;
    turn.seq = seq;
    turn.conversation = store.tables().items.at(seq).conversation;
    turn.channel = PhoneNumberId("111");
    for (const char* name : {"a", "b"})
        turn.followups.push_back({name, false, WallTime::max(), false, false, ""});
    store.commit_turn(std::move(turn), {});
    EXPECT_EQ(read("/api/deployments").at("data")[0].at("followups"), 2);
}

TEST_F(Operating, shows_why_a_deployment_sends_nothing) {
    graph_trouble = "the access token has expired";
    EXPECT_EQ(read("/api/deployments").at("data")[0].at("not_sending_because"), graph_trouble);
}

TEST_F(Operating, shows_agents_and_what_keeps_one_from_running) {
    const Json agents = read("/api/agents").at("data");
    ASSERT_EQ(agents.size(), 2U);
    EXPECT_FALSE(agents[0].contains("problem"));
    EXPECT_EQ(agents[1].at("problem"), "it is no agent");
}

TEST_F(Operating, refuses_parameters_that_a_page_does_not_have) {
    EXPECT_EQ(refusal("/api/status", "verbose"), "unknown parameter \"verbose\".");
    EXPECT_EQ(refusal("/api/deployments", "limit=5"), "unknown parameter \"limit\".");
}

TEST_F(Operating, says_that_the_store_cannot_be_read) {
    store.error = Error{Errc::unavailable, "the disk does not answer"};
    EXPECT_EQ(refusal("/api/status", "", 503), "the disk does not answer");
}

TEST_F(Operating, survives_a_page_that_throws_and_tells_strangers_nothing) {
    store.throws = true;
    testing::internal::CaptureStderr();
    const HttpResponse failed = ask("/api/status");
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(failed.status, 500);
    EXPECT_EQ(failed.body.find("a mistake of ours"), std::string::npos);
    EXPECT_NE(log.find("a mistake of ours"), std::string::npos) << log;
    EXPECT_EQ(ask("/api/deployments").status, 200);
}

TEST_F(Operating, shows_text_that_is_not_utf8_as_valid_json) {
    bury("91", "broken \xFF text");
    EXPECT_EQ(read("/api/status").at("last_errors")[0].at("detail"), "broken \xEF\xBF\xBD text");
}

TEST_F(Operating, answers_at_once_when_too_many_questions_wait) {
    const auto entered = std::make_shared<std::promise<void>>();  // the worker may be the last to hold it
    std::promise<void> go_on;
    workers.post([entered, may_go = go_on.get_future().share()] {
        entered->set_value();
        may_go.wait();
    });
    entered->get_future().wait();
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(workers.post([] {}));
    EXPECT_EQ(ask("/api/status").status, 503);
    EXPECT_EQ(ask("/health", "", "").status, 200) << "needs no worker";
    go_on.set_value();
}

}  // namespace
}  // namespace parley
