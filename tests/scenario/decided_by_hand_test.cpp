// A person decides about messages of which nobody knows whether they were sent, or that wait.
#include "served.hpp"

namespace parley::scenario {
namespace {

using Texts = std::vector<std::string>;

class DecidedByHand : public Served {
  protected:
    void begin(const std::string& unknown_sends) {
        deployments = deployment("shop", "111", "{}", "    unknown_sends: " + unknown_sends + "\n");
        start_graph();
        write_config();
        serve();
        sim::FaultRule cut;
        cut.cut = sim::FaultRule::Cut::before;
        ASSERT_TRUE(graph->cloud().add_fault(cut));
    }
    void write(const std::string& id, const std::string& text) {
        ASSERT_EQ(
            meta.post(envelope({change("111", "\"messages\":[" + text_message(person(91), id, text) + "]")})),
            200);
    }
    sim::Json held() { return get_json("/api/outbox").at("data"); }
    int post(const std::string& path) {
        HttpCall call;
        call.method = "POST";
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        return outcome.reply ? outcome.reply->status : 0;
    }
    // What `parley outbox …` prints; its exit code must be `code`.
    std::string outbox(std::vector<std::string> words, int code = 0) {
        words.insert(words.begin(), {parley_program, "outbox"});
        words.insert(words.end(), {"--url", door()});
        const auto out = folder_.path() / ("outbox" + std::to_string(++runs_));
        Process command(std::move(words), {.out = out, .err = out}, {"API_KEY=scenario-key"}, folder_.path());
        EXPECT_EQ(command.wait().code, code) << text_of(out);
        return text_of(out);
    }
    bool has_step(const std::string& message, const std::string& step, const std::string& part) {
        const sim::Json way = get_json("/api/messages/" + message);
        for (const sim::Json& one : way.at("timeline"))
            if (one.at("step") == step && std::string(one.at("text")).find(part) != std::string::npos)
                return true;
        return false;
    }

    int runs_ = 0;
};

TEST_F(DecidedByHand, a_message_that_stayed_held_is_sent_again) {
    begin("{ wait: 100ms, then: hold }");
    write("wamid.1", "a");
    write("wamid.2", "b");
    EXPECT_TRUE(eventually([&] { return accepted() == 1 && held().size() == 1; }));
    const std::string id = held().at(0).at("id").dump();
    const std::string listed = outbox({"list"});
    EXPECT_NE(listed.find("out-" + id), std::string::npos) << listed;
    EXPECT_NE(outbox({"show", id}).find("It is open whether WhatsApp has"), std::string::npos);
    EXPECT_EQ(outbox({"send", "out-" + id}), id + "  queued  out-" + id + "\n");
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)) == Texts{"b", "a"}; }));
    EXPECT_EQ(outbox({"list"}), "There are none.\n");
    EXPECT_TRUE(has_step("out-" + id, "by_hand", "had it sent again, with the key \"api_key\"."));
    EXPECT_NE(outbox({"send", id}, 1).find("409"), std::string::npos);
    EXPECT_EQ(outbox({"send"}, 2), "parley outbox: give numbers from the list, or --all\n");
}

TEST_F(DecidedByHand, a_cancelled_message_is_not_sent_even_after_a_kill_and_its_lane_goes_on) {
    begin("{ wait: 1h, then: resend }");
    write("wamid.1", "a");
    EXPECT_TRUE(eventually([&] { return held().size() == 1; }));
    write("wamid.2", "b");
    write("wamid.3", "c");
    EXPECT_TRUE(eventually([&] { return get_json("/api/outbox?state=queued").at("data").size() == 2; }));
    const std::string first = held().at(0).at("message");
    const std::string second = get_json("/api/outbox?state=queued").at("data").at(0).at("message");
    EXPECT_EQ(accepted(), 0U);
    EXPECT_EQ(post("/api/outbox/" + second + "/cancel"), 200);
    EXPECT_EQ(post("/api/outbox/" + second + "/send"), 409);
    EXPECT_EQ(accepted(), 0U);
    EXPECT_EQ(post("/api/outbox/" + first + "/cancel"), 200);
    process->kill();
    process->wait();
    serve();
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)) == Texts{"c"} || held().size() == 1; }));
    for (const std::string& message : {first, second}) {
        const sim::Json way = get_json("/api/messages/" + message);
        EXPECT_EQ(way.at("message").at("state"), "cancelled");
        EXPECT_EQ(way.at("verdict"), "The reply was cancelled by a person, with the key \"api_key\".");
        EXPECT_TRUE(has_step(message, "by_hand", "A person cancelled it"));
        EXPECT_EQ(post("/api/outbox/" + message + "/cancel"), 409);
    }
    EXPECT_EQ(text_of(folder_.path() / "engine.log").find("scenario-key"), std::string::npos);
    const Texts sent = texts_to(person(91));
    EXPECT_EQ(std::count(sent.begin(), sent.end(), "a") + std::count(sent.begin(), sent.end(), "b"), 0);
}

TEST_F(DecidedByHand, all_of_a_deployment_are_cancelled_by_one_command) {
    begin("{ wait: 1h, then: resend }");
    write("wamid.1", "a");
    EXPECT_TRUE(eventually([&] { return held().size() == 1; }));
    write("wamid.2", "b");
    EXPECT_TRUE(eventually([&] { return get_json("/api/outbox?state=unsent").at("data").size() == 2; }));
    EXPECT_EQ(outbox({"cancel", "--all", "--state", "unsent", "--deployment", "other"}), "");
    EXPECT_EQ(outbox({"cancel", "--all", "--state", "queued"}).find("cancelled") == std::string::npos, false);
    EXPECT_EQ(outbox({"cancel", "--all", "--deployment", "shop"}).find("cancelled") == std::string::npos,
              false);
    EXPECT_TRUE(get_json("/api/outbox?state=unsent").at("data").empty());
    write("wamid.3", "c");
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)) == Texts{"c"}; }));
}

}  // namespace
}  // namespace parley::scenario
