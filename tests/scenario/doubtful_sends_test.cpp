// Sends that leave it open whether Graph took them.
#include "world.hpp"

namespace parley::scenario {
namespace {

using Texts = std::vector<std::string>;

class DoubtfulSends : public World {
  protected:
    std::string one_message(const std::string& id, const std::string& text) const {
        return envelope({change("111", "\"messages\":[" + text_message(person(91), id, text) + "]")});
    }
    static sim::FaultRule cut(sim::FaultRule::Cut when) {
        sim::FaultRule rule;
        rule.cut = when;
        return rule;
    }
};

TEST_F(DoubtfulSends, a_status_settles_a_connection_cut_after_accepting) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 1h, then: resend }\n");
    start_graph();
    start_engine();
    ASSERT_TRUE(graph->cloud().add_fault(cut(sim::FaultRule::Cut::after)));
    ASSERT_EQ(meta.post(one_message("wamid.1", "a")), 200);
    ASSERT_EQ(meta.post(one_message("wamid.2", "b")), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));
    EXPECT_EQ(texts_to(person(91)), (Texts{"a", "b"}));
}

TEST_F(DoubtfulSends, without_a_status_it_is_sent_again_after_the_wait) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 100ms, then: resend }\n");
    start_graph();
    start_engine();
    ASSERT_TRUE(graph->cloud().add_fault(cut(sim::FaultRule::Cut::before)));
    ASSERT_EQ(meta.post(one_message("wamid.1", "a")), 200);
    ASSERT_EQ(meta.post(one_message("wamid.2", "b")), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));
    EXPECT_EQ(texts_to(person(91)), (Texts{"a", "b"}));
}

TEST_F(DoubtfulSends, under_hold_it_is_listed_and_later_messages_pass) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 100ms, then: hold }\n");
    start_graph();
    start_engine();
    ASSERT_TRUE(graph->cloud().add_fault(cut(sim::FaultRule::Cut::before)));
    ASSERT_EQ(meta.post(one_message("wamid.1", "a")), 200);
    ASSERT_EQ(meta.post(one_message("wamid.2", "b")), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(texts_to(person(91)), Texts{"b"});
    HttpCall call;
    call.url = door() + "/api/outbox?state=held";
    call.headers = {{"X-API-Key", "scenario-key"}};
    std::promise<HttpOutcome> listed;
    http_.start(call, [&](HttpOutcome outcome) { listed.set_value(std::move(outcome)); });
    const HttpOutcome outcome = listed.get_future().get();
    ASSERT_TRUE(outcome.reply);
    const auto page = sim::Json::parse(outcome.reply->body);
    ASSERT_EQ(page.at("data").size(), 1U) << outcome.reply->body;
    EXPECT_EQ(page.at("data").at(0).at("to"), person(91));
}

TEST_F(DoubtfulSends, a_graph_error_is_an_answer_and_tried_again) {
    start_graph();
    start_engine();
    sim::FaultRule busy;
    busy.graph_code = 131000;
    ASSERT_TRUE(graph->cloud().add_fault(busy));
    ASSERT_EQ(meta.post(one_message("wamid.1", "a")), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(texts_to(person(91)), Texts{"a"});
}

// Graph tells so in its answer, or, as Meta mostly does, by a status after it.
class ClosedWindow : public DoubtfulSends, public testing::WithParamInterface<sim::WindowRule> {};

TEST_P(ClosedWindow, sends_the_template_instead) {
    deployments =
        deployment("shop", "111", "{}", "    outside_window: { template: hello_again, language: hi }\n");
    sim::Behaviour behaviour;
    behaviour.window = GetParam();  // no message of the simulator's own users has opened it
    behaviour.sent_after = Millis{20};
    start_graph(behaviour);
    start_engine();
    ASSERT_EQ(meta.post(one_message("wamid.1", "a")), 200);
    const auto types = [&] {
        std::vector<std::string> sent;
        for (const sim::AcceptedMessage& one : graph->cloud().accepted_to(person(91)))
            if (one.status != "failed") sent.push_back(one.type);
        return sent;
    };
    EXPECT_TRUE(eventually([&] { return types() == Texts{"template"}; }));
}

INSTANTIATE_TEST_SUITE_P(Told, ClosedWindow,
                         testing::Values(sim::WindowRule::answer, sim::WindowRule::status),
                         [](const auto& told) {
                             return told.param == sim::WindowRule::answer ? "in_the_answer" : "by_a_status";
                         });

}  // namespace
}  // namespace parley::scenario
