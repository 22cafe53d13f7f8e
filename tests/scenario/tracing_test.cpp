// One trace id leads through everybody's systems: the engine's log and API, the bot's server, and Graph.
#include <atomic>
#include <set>

#include "base/trace_context.hpp"
#include "bot.hpp"
#include "served.hpp"

namespace parley::scenario {
namespace {

class Tracing : public Served, public ::testing::WithParamInterface<const char*> {
  protected:
    void start(const std::string& format = "bsp") {
        deployments =
            deployment("shop", "111",
                       "{ url: \"http://" + bot_address_.address() + "/hook\", format: " + format +
                           (format == "bsp" ? " }" : ", app_secret: bot-secret }"),
                       std::string("    allow_private_networks: true\n    isolation: ") + GetParam() +
                           "\n    deadline: 60s\n    unknown_sends: { wait: 1s, then: resend }\n",
                       "http-forwarder") +
            "log: { level: debug, format: json }\n";
        start_graph();
        write_config();
        serve();
    }
    void start_bot(Bot::Answer answer) {
        bot = std::make_unique<Bot>(bot_address_.address(), std::move(answer));
        ASSERT_TRUE(bot->start());
    }
    static HttpResponse says_yes(const Bot::Request&) {
        return HttpResponse::json(200, R"({"message":"yes"})");
    }
    int post(const std::string& id) {
        return meta.post(
            envelope({change("111", "\"messages\":[" + text_message(person(91), id, "Hi") + "]")}));
    }
    // As documented for those who have a wamid and look for its trace.
    static std::string trace_of(const std::string& wamid) {
        const Sha256 hash = sha256("0111\n" + wamid);
        return to_text(to_trace_id({reinterpret_cast<const char*>(hash.data()), 16}));
    }
    // "none" when the header breaks the standard.
    static std::string trace_in(const std::string& traceparent) {
        const auto parent = parse_traceparent(traceparent);
        return parent ? to_text(parent->trace) : "none";
    }
    static std::uint64_t span_in(const std::string& traceparent) {
        const auto parent = parse_traceparent(traceparent);
        return parent ? parent->span : 0;
    }
    std::vector<sim::AcceptedMessage> sent() const { return graph->cloud().accepted_to(person(91)); }

    // The log's lines of one event; nothing when one of them is no JSON.
    std::vector<sim::Json> logged(const std::string& event) const {
        std::vector<sim::Json> found;
        std::ifstream log(folder_.path() / "engine.log");
        for (std::string line; std::getline(log, line);) {
            const sim::Json one = sim::Json::parse(line, nullptr, false);
            if (!one.is_object()) return {};
            if (one.value("event", "") == event) found.push_back(one);
        }
        return found;
    }

    FreePort bot_address_;
    std::unique_ptr<Bot> bot;
};

TEST_P(Tracing, leads_from_the_webhook_over_the_bot_to_graph) {
    start();
    start_bot(says_yes);
    ASSERT_EQ(post("wamid.1"), 200);
    ASSERT_TRUE(eventually([&] { return sent().size() == 1; }));
    const std::string trace = trace_of("wamid.1");
    const std::vector<Bot::Request> asked = bot->asked();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(trace_in(asked[0].traceparent), trace) << asked[0].traceparent;
    EXPECT_EQ(trace_in(sent()[0].traceparent), trace) << sent()[0].traceparent;
    EXPECT_NE(span_in(sent()[0].traceparent), span_in(asked[0].traceparent));
    for (const char* id : {"in-1", "out-1"}) {
        const sim::Json way = get_json(std::string("/api/messages/") + id);
        EXPECT_EQ(way.at("message").at("trace_id"), trace) << way.dump();
    }
    const std::vector<sim::Json> arrived = logged("message arrived");
    ASSERT_EQ(arrived.size(), 1U);
    EXPECT_EQ(arrived[0].at("deployment"), "shop");
    EXPECT_EQ(arrived[0].at("message"), "in-1");
    EXPECT_EQ(arrived[0].at("wamid"), "wamid.1");
    EXPECT_EQ(arrived[0].at("trace"), trace);
    EXPECT_FALSE(arrived[0].at("request_id").get<std::string>().empty());
    for (const char* event : {"turn begins", "agent request", "turn ended", "message sent"}) {
        ASSERT_TRUE(eventually([&] { return logged(event).size() == 1; })) << event;
        EXPECT_EQ(logged(event)[0].at("trace"), trace) << event;
        EXPECT_EQ(logged(event)[0].at("deployment"), "shop") << event;
    }
}

TEST_P(Tracing, reaches_a_bot_in_whatsapps_format_too) {
    start("whatsapp");
    start_bot([](const Bot::Request&) { return HttpResponse::text(200, "EVENT_RECEIVED"); });
    ASSERT_EQ(post("wamid.1"), 200);
    ASSERT_TRUE(eventually([&] { return bot->asked().size() == 1; }));
    EXPECT_EQ(trace_in(bot->asked()[0].traceparent), trace_of("wamid.1"));
}

TEST_P(Tracing, is_the_same_after_tries_that_failed_and_a_crash_of_the_engine) {
    start();
    std::atomic<bool> is_well{false};
    start_bot([&](const Bot::Request& request) {
        return is_well ? says_yes(request) : HttpResponse::text(503, "later");
    });
    ASSERT_EQ(post("wamid.1"), 200);
    ASSERT_TRUE(eventually([&] { return bot->asked().size() >= 2; }));
    process->kill();
    const std::size_t before = bot->asked().size();
    serve();
    ASSERT_TRUE(eventually([&] { return bot->asked().size() > before; }));
    sim::FaultRule busy;  // Graph takes no reply until the engine has crashed once more
    busy.graph_code = 131056;
    busy.times = 1'000'000;
    ASSERT_TRUE(graph->cloud().add_fault(busy));
    is_well = true;
    ASSERT_TRUE(eventually([&] { return !logged("send will be tried again").empty(); }));
    process->kill();
    graph->cloud().clear_faults();
    serve();
    ASSERT_TRUE(eventually([&] { return sent().size() == 1; }));
    const std::string trace = trace_of("wamid.1");
    std::set<std::uint64_t> spans{span_in(sent()[0].traceparent)};
    EXPECT_EQ(trace_in(sent()[0].traceparent), trace);
    for (const Bot::Request& request : bot->asked()) {
        EXPECT_EQ(trace_in(request.traceparent), trace);
        spans.insert(span_in(request.traceparent));
    }
    EXPECT_EQ(spans.size(), bot->asked().size() + 1) << "steps share a span";
    EXPECT_EQ(logged("send will be tried again").front().at("trace"), trace);
}

TEST_P(Tracing, of_a_message_by_the_api_is_told_to_its_caller) {
    start();
    HttpCall call;
    call.method = "POST";
    call.url = door() + "/api/bsp/send-message";
    call.headers = {{"X-API-Key", "scenario-key"},
                    {"X-Request-Id", "of-a-stranger"},
                    {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}};
    call.body = R"({"account_id":"shop","to":"+919800000091","message":"Hello"})";
    const HttpOutcome outcome = ask(std::move(call));
    ASSERT_TRUE(outcome.reply);
    ASSERT_EQ(outcome.reply->status, 202) << outcome.reply->body;
    const std::string trace = sim::Json::parse(outcome.reply->body).at("trace_id");
    ASSERT_TRUE(eventually([&] { return graph->cloud().accepted_to("919800000091").size() == 1; }));
    EXPECT_EQ(trace_in(graph->cloud().accepted_to("919800000091")[0].traceparent), trace);
    const std::vector<sim::Json> queued = logged("message queued");
    ASSERT_EQ(queued.size(), 1U);
    EXPECT_EQ(queued[0].at("trace"), trace);
    EXPECT_EQ(queued[0].at("caller_trace"), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(queued[0].at("request_id"), outcome.reply->header("x-request-id"));
    EXPECT_NE(outcome.reply->header("x-request-id"), "of-a-stranger");
}

INSTANTIATE_TEST_SUITE_P(Agents, Tracing, ::testing::Values("none", "process"),
                         [](const auto& agents) { return std::string(agents.param); });

}  // namespace
}  // namespace parley::scenario
