#include "admin/outbox_api.hpp"

#include <future>

#include "fakes/fake_exchange.hpp"
#include "unit/core/movers_fixture.hpp"

namespace parley {
namespace {

// Of an engine that is up, without a deployment's agent: what is queued and held is made by hand.
class OutboxByHand : public fakes::Movers {
  protected:
    void SetUp() override {
        for (int i = 0; i < 100 && !intake.is_live(); ++i) {
            intake.step(clock.mono());
            std::promise<void> read;
            workers.post([&] { read.set_value(); });
            read.get_future().wait();
        }
        ASSERT_TRUE(intake.is_live());
        api.add_pages(ApiPages(router, gate, workers));
    }
    OutboundId made(const Recipient& to, const std::string& text, bool enqueue = true) {
        NewOutbound fresh;
        fresh.channel = PhoneNumberId("111");
        fresh.to = to;
        fresh.payload_json = text;
        fresh.callback = "p1." + text;
        OutboundMessage message;
        store.add_outbound(fresh, clock.wall(), [&](auto done) { message = *done; });
        if (enqueue) pump.enqueue({message});
        return message.id;
    }
    OutboundId held(const Recipient& to, const std::string& text) {
        const OutboundId id = made(to, text);
        sender.answer(Unknown{"no answer"});
        EXPECT_EQ(state_of(id), OutboundState::held);
        return id;
    }
    HttpResponse ask(const std::string& method, const std::string& path, const std::string& query = {}) {
        FakeRequest request;
        request.verb = method;
        request.where = path;
        request.question = query;
        request.headers = {{"X-API-Key", "correct-horse"}};
        FakeExchange exchange;
        router.handle(request, exchange.responder());
        return exchange.answer();
    }
    Json read(const std::string& query = {}) {
        const HttpResponse response = ask("GET", "/api/outbox", query);
        EXPECT_EQ(response.status, 200) << response.body;
        return Json::parse(response.body, nullptr, false);
    }
    std::string refusal(const std::string& query) {
        const HttpResponse response = ask("GET", "/api/outbox", query);
        EXPECT_EQ(response.status, 400) << response.body;
        return Json::parse(response.body, nullptr, false).value("detail", "");
    }
    static std::string path_of(OutboundId id, const std::string& what) {
        return "/api/outbox/" + std::to_string(to_int(id)) + "/" + what;
    }

    std::string trouble;
    ApiGate gate{{{{"ops", Secret{"correct-horse"}, {ApiScope::read, ApiScope::send}}}, false}};
    WorkerPool workers{1, 64};
    Intake intake{{},
                  {},
                  dispatcher,
                  pump,
                  store,
                  [](OpenMessage) -> Result<QueuedMessage> {
                      return Error(Errc::fault, "nothing is read back"); },
                  workers,
                  wakeup};
    OutboxDecisions decisions{{store, intake, pump, clock}};
    OutboxApi api{{store, accounts, decisions, [this](const PhoneNumberId&) { return trouble; }}};
    Router router;
};

TEST_F(OutboxByHand, shows_whose_message_is_held_and_why) {
    const OutboundId by_number = held({"92", "IN.7"}, "a");
    held({"", "IN.9"}, "b");
    made({"93", ""}, "c", false);
    for (const char* query : {"", "state=held"}) {
        const Json page = read(query);
        ASSERT_EQ(page.at("data").size(), 2U);
        EXPECT_EQ(page.at("data")[0], Json({{"id", to_int(by_number)},
                                            {"message", "out-1"},
                                            {"state", "held"},
                                            {"deployment", "shop"},
                                            {"phone_number_id", "111"},
                                            {"to", "92"},
                                            {"callback", "p1.a"},
                                            {"since", "2026-09-21T14:13:20.000Z"},
                                            {"reason", "no answer"}}));
        EXPECT_EQ(page.at("data")[1].at("to"), "IN.9");
    }
    const Json first = read("state=held&limit=1");
    EXPECT_EQ(read("after=" + first.at("next").get<std::string>()).at("data")[0].at("to"), "IN.9");
}

TEST_F(OutboxByHand, shows_what_is_queued_and_why_nothing_leaves) {
    trouble = "the access token has expired";
    held({"91", ""}, "a");
    made({"92", ""}, "b", false);
    const Json queued = read("state=queued").at("data");
    ASSERT_EQ(queued.size(), 1U);
    EXPECT_EQ(queued[0].at("to"), "92");
    EXPECT_EQ(queued[0].at("state"), "queued");
    EXPECT_EQ(queued[0].at("reason"), trouble);
    EXPECT_EQ(read("state=unsent").at("data").size(), 2U);
    const Json page = read("state=queued&limit=1");
    EXPECT_TRUE(page.at("data").empty()) << "the page has the held one only";
    EXPECT_EQ(read("state=queued&limit=1&after=" + page.at("next").get<std::string>()).at("data").size(), 1U);
}

TEST_F(OutboxByHand, gives_fifty_rows_when_no_number_is_asked_for_and_500_at_most) {
    for (int i = 0; i < 52; ++i) held({"9" + std::to_string(i), ""}, std::to_string(i));
    EXPECT_EQ(read().at("data").size(), 50U);
    EXPECT_EQ(read().at("next"), "50");
    EXPECT_EQ(read("after=50").at("data").size(), 2U);
    EXPECT_EQ(read("limit=500").at("data").size(), 52U);
    EXPECT_NE(refusal("limit=501").find("500"), std::string::npos);
}

TEST_F(OutboxByHand, refuses_wrong_values_and_says_what_to_write) {
    for (const char* limit : {"0", "-1", "501", "ten", "1.5", "5x", "99999999999999999999"})
        EXPECT_EQ(refusal(std::string("limit=") + limit), "limit: expected a number from 1 to 500");
    for (const char* after : {"-1", "x", "1x", "99999999999999999999", "%20"})
        EXPECT_EQ(refusal(std::string("after=") + after), "after: expected the `next` of an earlier page");
    EXPECT_EQ(refusal("state=sent"), "state: expected \"held\", \"queued\" or \"unsent\" (both)");
    EXPECT_EQ(refusal("limit=2&limt=3"), "unknown parameter \"limt\". Did you mean \"limit\"?");
    EXPECT_EQ(refusal("stat%65s=held"), "unknown parameter \"states\". Did you mean \"state\"?");
    EXPECT_EQ(ask("GET", "/api/outbox", "&limit=2&").status, 200);
    for (const char* name : {"0", "x", "out-", "in-1", "-1", "99999999999999999999"})
        EXPECT_EQ(ask("POST", std::string("/api/outbox/") + name + "/cancel").status, 404) << name;
}

TEST_F(OutboxByHand, sends_a_held_message_again_at_once) {
    const OutboundId id = held({"91", ""}, "a");
    EXPECT_EQ(sender.open(), 0U);
    const HttpResponse answer = ask("POST", path_of(id, "send"));
    EXPECT_EQ(answer.status, 202) << answer.body;
    EXPECT_EQ(Json::parse(answer.body), Json({{"id", 1}, {"message", "out-1"}, {"status", "queued"}}));
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "a"}));
    EXPECT_EQ(ask("POST", path_of(id, "send")).status, 409) << "it is being sent";
    sender.answer();
    EXPECT_EQ(state_of(id), OutboundState::sent);
    EXPECT_EQ(ask("POST", path_of(id, "send")).status, 409) << "it was sent";
}

TEST_F(OutboxByHand, cancels_and_lets_later_messages_pass) {
    const OutboundId id = held({"91", ""}, "a");
    const OutboundId second = made({"91", ""}, "b");
    const OutboundId third = made({"91", ""}, "c");
    EXPECT_EQ(ask("POST", "/api/outbox/out-" + std::to_string(to_int(second)) + "/cancel").status, 200);
    EXPECT_EQ(sender.open(), 0U) << "the held one is still before it";
    EXPECT_EQ(ask("POST", path_of(id, "cancel")).status, 200);
    EXPECT_EQ(state_of(id), OutboundState::cancelled);
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "c"}));
    EXPECT_EQ(ask("POST", path_of(third, "cancel")).status, 409) << "it is being sent";
    EXPECT_EQ(ask("POST", path_of(id, "cancel")).status, 409);
    EXPECT_EQ(ask("POST", path_of(OutboundId{77}, "cancel")).status, 404);
    EXPECT_EQ(ask("POST", path_of(third, "send")).status, 409);
}

TEST_F(OutboxByHand, changes_nothing_while_the_disk_refuses) {
    const OutboundId id = held({"91", ""}, "a");
    store.set_writable(false);
    EXPECT_EQ(ask("POST", path_of(id, "cancel")).status, 503);
    EXPECT_EQ(state_of(id), OutboundState::held);
    store.set_writable(true);
    advance(Millis{60'000});
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "a"})) << "the wait has gone on";
}

TEST_F(OutboxByHand, asks_for_patience_until_the_outbox_was_read) {
    const OutboundId id = held({"91", ""}, "a");
    Intake starting{{},
                    {},
                    dispatcher,
                    pump,
                    store,
                    [](OpenMessage) -> Result<QueuedMessage> {
                        return Error(Errc::fault, "nothing is read back"); },
                    workers,
                    wakeup};
    OutboxDecisions early{{store, starting, pump, clock}};
    EXPECT_EQ(early.cancel(id, "ops").error().code(), Errc::unavailable);
    EXPECT_EQ(state_of(id), OutboundState::held);
}

}  // namespace
}  // namespace parley
