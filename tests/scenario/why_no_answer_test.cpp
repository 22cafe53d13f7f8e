// "Why did she get no answer?", asked of the API for causes that were planted, and what can be done about it.
#include "served.hpp"

namespace parley::scenario {
namespace {

class WhyNoAnswer : public Served {
  protected:
    void SetUp() override {
        deployments = deployment("shop", "111", "{}", "    deadline: 300ms\n",
                                 PARLEY_BINARY_DIR "/tests/scenario-agents/moody.so") +
                      deployment("clinic", "222", "{}");
        start_graph(quick_statuses());
        write_config();
        serve();
    }
    void write(const std::string& user, const std::string& text, const std::string& channel = "111") {
        const std::string id = "wamid." + user + "." + channel;
        EXPECT_EQ(
            meta.post(envelope({change(channel, "\"messages\":[" + text_message(user, id, text) + "]")})),
            200);
    }
    int call(const std::string& method, const std::string& path, sim::Json* answer = nullptr) {
        HttpCall call;
        call.method = method;
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        if (answer != nullptr && outcome.reply)
            *answer = sim::Json::parse(outcome.reply->body, nullptr, false);
        return outcome.reply ? outcome.reply->status : 0;
    }
    void refuse(int code, const std::string& to, std::uint64_t times = 1) {
        sim::FaultRule rule;
        rule.graph_code = code;
        rule.to = to;
        rule.times = times;
        ASSERT_TRUE(graph->cloud().add_fault(rule));
    }
    // The whole way of the last message that somebody wrote, found as a person finds it: by the number.
    sim::Json way_of(const std::string& user) {
        const sim::Json found = get_json("/api/conversations?user=%2B" + user).at("data");
        if (found.size() != 1) return {{"verdict", "there are " + std::to_string(found.size())}};
        const sim::Json& row = found[0];
        const std::string place = row["deployment"].is_null() ? row["phone_number_id"] : row["deployment"];
        const sim::Json talk = get_json("/api/conversations/" + place + "/" + user).at("data");
        for (auto message = talk.rbegin(); message != talk.rend(); ++message)
            if (message->at("direction") == "in")
                return get_json("/api/messages/" + std::string(message->at("id")));
        return {{"verdict", "nothing came in"}};
    }
    std::string verdict(const std::string& user) { return way_of(user).at("verdict"); }
    ::testing::AssertionResult says(const std::string& user, const std::string& part) {
        std::string last;
        if (eventually([&] { return (last = verdict(user)).find(part) != std::string::npos; }))
            return ::testing::AssertionSuccess();
        return ::testing::AssertionFailure() << last << "\n" << way_of(user).dump(1);
    }
    static bool has_step(const sim::Json& way, const std::string& step, const std::string& part) {
        for (const sim::Json& one : way.at("timeline"))
            if (one.at("step") == step && std::string(one.at("text")).find(part) != std::string::npos)
                return true;
        return false;
    }
};

TEST_F(WhyNoAnswer, has_an_answer_for_each_cause) {
    write(person(1), "hello");
    EXPECT_TRUE(says(person(1), "the reply was delivered"));
    const sim::Json good = way_of(person(1));
    EXPECT_TRUE(has_step(good, "webhook", "signed by the app default")) << good.dump(1);
    EXPECT_TRUE(has_step(good, "turn", "moody 1.0.0"));
    EXPECT_TRUE(has_step(good, "attempt", "WhatsApp took it"));
    EXPECT_TRUE(has_step(good, "status", "delivered"));
    EXPECT_EQ(get_json("/api/messages/wamid." + person(1) + ".111").at("message"), good.at("message"));
    const std::string reply = good.at("timeline").back().at("text");
    EXPECT_NE(reply.find("delivered"), std::string::npos);

    // A bad signature: nothing is stored, and the webhook is found by what it says.
    const std::string body =
        envelope({change("111", "\"messages\":[" + text_message(person(2), "wamid.x", "hi") + "]")});
    EXPECT_EQ(meta.post(body, "sha256=" + std::string(64, '0')), 401);
    EXPECT_TRUE(get_json("/api/conversations?user=" + person(2)).at("data").empty());
    const sim::Json refused = get_json("/api/webhook-logs?outcome=refused&contains=" + person(2)).at("data");
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].at("reason"), "signature mismatch");
    EXPECT_EQ(get_json("/api/webhook-logs/" + std::string(refused[0].at("id"))).at("body"), body);

    write(person(3), "hello", "333");
    EXPECT_TRUE(says(person(3), "no deployment had the phone_number_id 333"));

    write(person(4), "block 2000");
    EXPECT_TRUE(says(person(4), "The agent could not answer: "));
    EXPECT_FALSE(way_of(person(4)).at("message").at("error").is_null());
    EXPECT_NE(std::string(way_of(person(4)).at("remedy")).find("retry dead letter"), std::string::npos);

    refuse(131047, person(5));
    write(person(5), "hello");
    EXPECT_TRUE(says(person(5), "131047"));
    EXPECT_TRUE(has_step(way_of(person(5)), "dead_letter", "Graph refused"));

    refuse(131056, person(6), 0);
    write(person(6), "hello");
    EXPECT_TRUE(says(person(6), "131056"));
    EXPECT_TRUE(has_step(way_of(person(6)), "attempt", "tried again"));

    refuse(190, person(7), 0);
    write(person(7), "hello", "222");
    EXPECT_TRUE(says(person(7), "nothing is sent from this number now"));

    // The process may be gone before it has answered.
    meta.post(envelope({change("111", "\"messages\":[" + text_message(person(8), "wamid.8", "exit") + "]")}));
    EXPECT_TRUE(eventually([&] { return process->end().has_value(); }));
    serve();
    EXPECT_TRUE(eventually([&] { return process->end().has_value(); }));
    serve();
    EXPECT_TRUE(says(person(8), "the agent crashed 2 times"));
    EXPECT_TRUE(has_step(way_of(person(8)), "turn", "crashed on it 2 times")) << way_of(person(8)).dump(1);
    EXPECT_TRUE(says(person(1), "the reply was delivered")) << "also after a restart";

    EXPECT_EQ(call("DELETE", "/api/conversations/shop/" + person(6)), 409) << "its reply waits";
    sim::Json erased;
    EXPECT_EQ(call("DELETE", "/api/conversations/shop/" + person(1), &erased), 200) << erased.dump();
    EXPECT_EQ(erased.at("erased").at("messages"), 1);
    EXPECT_GE(erased.at("erased").at("items"), 3) << "the message and its statuses";
    EXPECT_EQ(call("GET", "/api/conversations/shop/" + person(1)), 404);
    EXPECT_EQ(call("DELETE", "/api/conversations/shop/" + person(1)), 404);
}

TEST_F(WhyNoAnswer, a_dead_letter_is_tried_again_once_its_cause_is_mended) {
    refuse(131026, person(1));
    write(person(1), "first");
    write(person(2), "block 1000");
    EXPECT_TRUE(eventually([&] { return get_json("/api/dead-letters").at("data").size() == 2; }));
    EXPECT_EQ(texts_to(person(2)), std::vector<std::string>{"Sorry."});
    sim::Json page = get_json("/api/dead-letters?limit=1");
    const std::string newest = page.at("data")[0].at("user");
    page = get_json("/api/dead-letters?limit=1&after=" + std::string(page.at("next")));
    EXPECT_NE(page.at("data")[0].at("user"), newest);

    deployments = deployment("shop", "111", "{}", "    deadline: 20s\n",
                             PARLEY_BINARY_DIR "/tests/scenario-agents/moody.so") +
                  deployment("clinic", "222", "{}");
    write_config();
    ASSERT_EQ(call("POST", "/api/config/reload"), 200);
    const sim::Json letters = get_json("/api/dead-letters").at("data");
    for (const sim::Json& letter : letters) {
        const std::string path = "/api/dead-letters/" + std::to_string(letter.at("id").get<int>());
        EXPECT_EQ(get_json(path).at("message_object").at("id"), letter.at("message"));
        sim::Json answer;
        EXPECT_EQ(call("POST", path + "/retry", &answer), 202) << answer.dump();
        EXPECT_EQ(answer.at("message"), letter.at("message"));
        EXPECT_EQ(call("POST", path + "/retry"), 404);
    }
    EXPECT_TRUE(eventually([&] {
        return texts_to(person(1)) == std::vector<std::string>{"first"} &&
               texts_to(person(2)) == std::vector<std::string>{"Sorry.", "block 1000"};
    }));
    EXPECT_TRUE(says(person(2), "delivered"));
    EXPECT_TRUE(get_json("/api/dead-letters").at("data").empty());

    refuse(131026, person(3));
    write(person(3), "never");
    EXPECT_TRUE(eventually([&] { return get_json("/api/dead-letters").at("data").size() == 1; }));
    const std::string path = "/api/dead-letters/" +
                             std::to_string(get_json("/api/dead-letters").at("data")[0].at("id").get<int>());
    EXPECT_EQ(call("DELETE", path), 200);
    EXPECT_EQ(call("DELETE", path), 404);
    EXPECT_TRUE(get_json("/api/dead-letters").at("data").empty());
    EXPECT_EQ(get_json("/api/status").at("stored").at("dead_letters"), 0);
}

}  // namespace
}  // namespace parley::scenario
