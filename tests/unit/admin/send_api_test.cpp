// Messages of the API: through the outbox, once per key, waiting or not.
#include "admin/send_api.hpp"

#include <future>

#include <gtest/gtest.h>

#include "fakes/fake_account_directory.hpp"
#include "fakes/fake_exchange.hpp"
#include "unit/core/movers_fixture.hpp"

namespace parley {
namespace {

using nlohmann::json;

// Reads what the fake store holds.
class RecordsOfFake final : public NumberRecords {
  public:
    explicit RecordsOfFake(const fakes::FakeMessageStore& store) : store_(store) {}

    Result<std::optional<OutboundRecord>> find_outbound(const std::string& callback) override {
        for (const auto& [id, row] : store_.tables().outbound)
            if (row.message.callback == callback)
                return std::optional(
                    OutboundRecord{row.message, row.state, row.wamid, row.error_code, row.error_text});
        return std::optional<OutboundRecord>{};
    }
    Result<ConversationId> find_conversation(const PhoneNumberId&, const Recipient& with) override {
        for (const auto& [seq, item] : store_.tables().items)
            if (item.arrived.item.message && item.arrived.item.message->from.wa_id == with.wa_id)
                return item.conversation;
        return ConversationId{};
    }
    Result<NumberTraffic> traffic(const PhoneNumberId&, WallTime) override { return NumberTraffic{}; }
    Result<NumberBacklog> backlog(const PhoneNumberId&) override { return NumberBacklog{}; }
    Result<KeptPage> open_kept(const KeptCall&) override { return KeptPage{{}, true}; }

  private:
    const fakes::FakeMessageStore& store_;
};

class Sending : public fakes::Movers {
  protected:
    Sending() {
        AccountView shop;
        shop.id = DeploymentId("shop");
        shop.channel = PhoneNumberId("111");
        directory_.accounts = {shop};
        api_.add_routes(router_);
    }
    // The only worker has done everything that was posted before.
    void settle() {
        std::promise<void> reached;
        ASSERT_TRUE(workers_.post([&] { reached.set_value(); }));
        reached.get_future().wait();
    }
    void begin(FakeExchange& exchange, const std::string& path, const json& body, const std::string& key) {
        FakeRequest request;
        const auto question = path.find('?');
        request.where = "/api/bsp/" + path.substr(0, question);
        if (question != std::string::npos) request.question = path.substr(question + 1);
        request.content = body.dump();
        request.headers = {{"X-API-Key", "right"}};
        if (!key.empty()) request.headers.emplace_back("Idempotency-Key", key);
        router_.handle(request, exchange.responder());
        settle();
    }
    HttpResponse send(const std::string& path, const json& body, const std::string& key = "") {
        FakeExchange exchange;
        begin(exchange, path, body, key);
        EXPECT_TRUE(exchange.is_answered()) << path;
        return exchange.is_answered() ? exchange.answer() : HttpResponse{};
    }
    static json hello() { return {{"account_id", "shop"}, {"to", "+91 98"}, {"message", "hello"}}; }
    static json of(const HttpResponse& response) { return json::parse(response.body); }
    static std::string field_of(const HttpResponse& response) {
        return of(response).at("errors").at(0).at("field");
    }

    fakes::FakeAccountDirectory directory_;
    RecordsOfFake records_{store};
    ApiGate gate_{{{{"api_key", Secret{"right"}, {ApiScope::send}}}, false}};
    Router router_;
    SendApi api_{{},
                 {directory_, accounts, store, records_, pump, clock, random, wakeup, gate_, workers_,
                  [](const std::string& native) -> Result<std::vector<PreparedMessage>> {
                      if (native.find("too long") != std::string::npos)
                          return Error(Errc::invalid_input, "text.body: 5000 characters, at most 4096");
                      if (native.find("in two") == std::string::npos)
                          return std::vector<PreparedMessage>{{native, {}}};
                      return std::vector<PreparedMessage>{{native + "1", {}}, {native + "2", {}}};
                  },
                  [](const std::string& native) { return native.find("template") == std::string::npos; },
                  [](std::int32_t code) { return "what to do about " + std::to_string(code); }}};
    WorkerPool workers_{1, 16};  // last: it runs out before the rest goes
};

TEST_F(Sending, queues_a_message_and_tells_its_id) {
    const HttpResponse queued = send("send-message", hello());
    EXPECT_EQ(queued.status, 202);
    EXPECT_EQ(of(queued).at("status"), "queued");
    ASSERT_EQ(sender.bodies(), std::vector<std::string>{R"({"text":{"body":"hello"},"type":"text"})"});
    EXPECT_EQ(sender.front().to.wa_id, "9198");
    const HttpResponse two =
        send("send-message", {{"account_id", "shop"}, {"to", "92"}, {"message", "in two"}});
    EXPECT_EQ(of(two).at("messages").size(), 2U);
    const HttpResponse native =
        send("send-message",
             {{"account_id", "shop"}, {"to", "IN.48"}, {"type", "image"}, {"image", {{"id", "7"}}}});
    EXPECT_EQ(native.status, 202);
    EXPECT_EQ(sender.bodies().back(), R"({"image":{"id":"7"},"type":"image"})");
}

TEST_F(Sending, waits_for_whatsapps_word) {
    FakeExchange exchange;
    begin(exchange, "send-message?wait=true", hello(), "");
    EXPECT_FALSE(exchange.is_answered());
    sender.answer(Sent{MessageId("wamid.1")});
    const HttpResponse sent = exchange.answer();
    EXPECT_EQ(sent.status, 200);
    EXPECT_EQ(of(sent).at("wamid"), "wamid.1");
    FakeExchange refused;
    begin(refused, "send-message?wait=true", hello(), "");
    sender.answer(Rejected{'N', 131026, "Message undeliverable"});
    const HttpResponse problem = refused.answer();
    EXPECT_EQ(problem.status, 422);
    EXPECT_EQ(of(problem).at("graph_code"), 131026);
    EXPECT_EQ(of(problem).at("remedy"), "what to do about 131026");
}

TEST_F(Sending, answers_after_ten_seconds_that_it_is_still_queued) {
    FakeExchange exchange;
    begin(exchange, "send-message?wait=true", hello(), "");
    const MonoTime due = clock.mono() + Millis{10'000};
    EXPECT_EQ(api_.step(clock.mono()), due);
    EXPECT_LE(wakeup.earliest(), due);
    clock.advance(Millis{9'999});
    api_.step(clock.mono());
    EXPECT_FALSE(exchange.is_answered());
    clock.advance(Millis{1});
    EXPECT_EQ(api_.step(clock.mono()), MonoTime::max());
    const HttpResponse late = exchange.answer();
    EXPECT_EQ(late.status, 202);
    EXPECT_EQ(of(late).at("status"), "queued");
    sender.answer();
    EXPECT_EQ(store.tables().outbound.begin()->second.state, OutboundState::sent)
        << "it goes out all the same";
}

TEST_F(Sending, takes_only_templates_a_day_after_the_persons_last_message) {
    stored("9198", "wamid.in");
    clock.advance(Millis{25 * 3600'000});
    const HttpResponse closed = send("send-message", hello());
    EXPECT_EQ(closed.status, 422);
    EXPECT_EQ(field_of(closed), "type");
    EXPECT_TRUE(store.tables().outbound.empty());
    json native{{"account_id", "shop"},
                {"to", "9198"},
                {"type", "template"},
                {"template", {{"name", "hello_again"}}}};
    EXPECT_EQ(send("send-message", native).status, 202);
    Deployment invites = current();
    invites.outside_window.template_name = "hello_again";
    use(std::move(invites));
    EXPECT_EQ(send("send-message", hello()).status, 202) << "its template will go instead";
}

TEST_F(Sending, a_test_message_needs_no_text_and_always_waits) {
    FakeExchange exchange;
    begin(exchange, "send-test-message", {{"account_id", "shop"}, {"to", "91"}}, "");
    EXPECT_FALSE(exchange.is_answered());
    ASSERT_EQ(sender.bodies().size(), 1U);
    EXPECT_NE(sender.bodies()[0].find("test message"), std::string::npos);
    sender.answer();
    EXPECT_EQ(exchange.answer().status, 200);
    EXPECT_EQ(field_of(send("send-message", {{"account_id", "shop"}, {"to", "91"}})), "message");
}

TEST_F(Sending, sends_once_for_one_key) {
    const HttpResponse first = send("send-message", hello(), "order-1");
    EXPECT_EQ(of(send("send-message", hello(), "order-1")), of(first));
    EXPECT_EQ(store.tables().outbound.size(), 1U);
    json other = hello();
    other["message"] = "goodbye";
    EXPECT_EQ(send("send-message", other, "order-1").status, 409);
    sender.answer(Sent{MessageId("wamid.1")});
    const HttpResponse repeated = send("send-message?wait=true", hello(), "order-1");
    EXPECT_EQ(repeated.status, 200) << "what has ended is told at once";
    EXPECT_EQ(of(repeated).at("wamid"), "wamid.1");
    EXPECT_EQ(sender.bodies().size(), 1U);
    EXPECT_EQ(send("send-message", hello(), "order-2").status, 202);
    EXPECT_EQ(store.tables().outbound.size(), 2U);
    EXPECT_EQ(send("send-message", hello(), std::string(256, 'k')).status, 400);
}

TEST_F(Sending, says_what_is_wrong_and_stores_nothing) {
    EXPECT_EQ(send("send-message?wait=maybe", hello()).status, 400);
    json body = hello();
    body["message"] = "too long";
    EXPECT_EQ(field_of(send("send-message", body)), "text.body");
    body["type"] = "text";
    EXPECT_EQ(field_of(send("send-message", body)), "message");
    body = hello();
    body["account_id"] = "nobody";
    EXPECT_EQ(send("send-message", body).status, 404);
    AccountView paused;
    paused.id = DeploymentId("paused");
    paused.state = AccountState::paused;
    directory_.accounts.push_back(paused);
    body["account_id"] = "paused";
    EXPECT_EQ(send("send-message", body).status, 409);
    store.set_writable(false);
    EXPECT_EQ(send("send-message", hello()).status, 503);
    EXPECT_TRUE(store.tables().outbound.empty());
}

}  // namespace
}  // namespace parley
