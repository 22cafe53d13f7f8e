// Turns are recorded while an engine answers, and run through another version afterwards.
#include "bot.hpp"
#include "served.hpp"

namespace parley::scenario {
namespace {

std::string clerk(int version) {
    return PARLEY_BINARY_DIR "/tests/scenario-agents/clerk-" + std::to_string(version) + ".so";
}

class Replay : public Served {
  protected:
    static std::string recorded(const std::string& url, const std::string& more = "    record: true\n") {
        return deployment(
            "shop", "111", "{ url: \"" + url + "\" }",
            "    presence: { read: false, typing: false }\n    allow_private_networks: true\n" + more,
            clerk(1));
    }
    // Each user says all of `words`, one after another.
    void talk(int users, const std::vector<std::string>& words) {
        for (const std::string& word : words)
            for (int user = 0; user < users; ++user)
                insist(envelope({change(
                    "111", R"("contacts":[{"profile":{"name":"Asha"},"wa_id":")" + person(user) +
                               R"("}],"messages":[)" +
                               text_message(person(user), "wamid." + word + std::to_string(user), word) +
                               "]")}));
        const std::size_t all = words.size() * static_cast<std::size_t>(users);
        EXPECT_TRUE(eventually([&] { return accepted() >= all; })) << accepted();
    }
    std::filesystem::path records() const { return store_folder / "parley.db.records/shop"; }

    struct Ran {
        int code = -1;
        std::string out, err;
    };
    Ran replay(std::vector<std::string> words) {
        words.insert(words.begin(), {parley_program, "replay", "--records", records().string()});
        const std::string name = "replay" + std::to_string(++runs_);
        const auto file = [&](const char* ending) { return folder_.path() / (name + ending); };
        Process command(std::move(words), {.out = file(".out"), .err = file(".err")}, {}, folder_.path());
        const End end = command.wait();
        return {end.code, text_of(file(".out")), text_of(file(".err"))};
    }
    static bool has(const std::string& text, const std::string& words) {
        return text.find(words) != std::string::npos;
    }

    int runs_ = 0;
};

TEST_F(Replay, of_the_same_version_says_the_same_and_of_another_shows_what_differs) {
    FreePort port;
    Bot server(port.address(), [](const Bot::Request& request) {
        return HttpResponse{200, "text/plain", "heard " + request.raw, {}};
    });
    ASSERT_TRUE(server.start());
    const std::string url = "http://" + port.address() + "/";
    deployments = recorded(url);
    write_config();
    start_graph();
    serve();
    talk(3, {"hi", "price", "dice", "ask", "trouble"});
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);

    const std::string set = "url=" + url;
    const Ran same = replay({"--agent", clerk(1), "--set", set});
    EXPECT_EQ(same.code, 0) << same.out << same.err;
    EXPECT_TRUE(has(same.out, "3 conversations, 15 turns: 15 the same, 0 different, 0 failed")) << same.out;

    const Ran other = replay({"--agent", clerk(2), "--set", set, "--html", "page.html"});
    EXPECT_EQ(other.code, 1) << other.err;
    EXPECT_TRUE(has(other.out, "15 turns: 9 the same, 6 different, 0 failed")) << other.out;
    EXPECT_TRUE(has(other.out, "10 rupees")) << other.out;
    EXPECT_TRUE(has(other.out, "failed: no idea")) << other.out;
    const std::string page = text_of(folder_.path() / "page.html");
    EXPECT_TRUE(has(page, "<del>10</del>")) << page.size();
    EXPECT_TRUE(has(page, "<ins>12</ins>"));

    const Ran both = replay({"--agent", clerk(2), "--against", clerk(1), "--set", set, "--json"});
    EXPECT_EQ(both.code, 1) << both.err;
    EXPECT_EQ(sim::Json::parse(both.out).at("different"), 6);
}

TEST_F(Replay, tells_of_a_version_that_crashes_and_goes_on) {
    deployments = recorded("http://127.0.0.1:1/");
    write_config();
    start_graph();
    serve();
    talk(2, {"hi", "die", "price"});
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
    const Ran ran = replay({"--agent", clerk(2)});
    EXPECT_EQ(ran.code, 1) << ran.err;
    EXPECT_TRUE(has(ran.out, "6 turns: 2 the same, 2 different, 2 failed")) << ran.out;
    EXPECT_TRUE(has(ran.out, "SIGABRT")) << ran.out;
}

TEST_F(Replay, finds_nobody_in_the_records) {
    deployments = recorded("http://127.0.0.1:1/");
    write_config();
    start_graph();
    serve();
    talk(1, {"hi", "price"});
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
    std::string all;
    for (const auto& file : std::filesystem::directory_iterator(records())) all += text_of(file.path());
    EXPECT_TRUE(has(all, "It costs 10 rupees, Person")) << all;
    for (const std::string& word : {std::string("Asha"), person(0), std::string("scenario-token"), secret})
        EXPECT_FALSE(has(all, word)) << word;
}

TEST_F(Replay, has_nothing_to_read_unless_the_deployment_is_recorded_and_a_reload_begins_it) {
    deployments = recorded("http://127.0.0.1:1/", "");
    write_config();
    start_graph();
    serve();
    talk(1, {"hi"});
    EXPECT_FALSE(std::filesystem::exists(records()));
    EXPECT_EQ(replay({"--agent", clerk(1)}).code, 2);
    deployments = recorded("http://127.0.0.1:1/", "    record: { keep: 1d }\n");
    write_config();
    process->signal(SIGHUP);
    EXPECT_TRUE(
        eventually([&] { return has(text_of(folder_.path() / "engine.log"), "configuration reloaded"); }));
    insist(
        envelope({change("111", "\"messages\":[" + text_message(person(0), "wamid.second", "price") + "]")}));
    EXPECT_TRUE(eventually([&] { return accepted() >= 2; }));
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
    const Ran ran = replay({"--agent", clerk(1)});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(has(ran.out, "1 conversation, 1 turn: 1 the same")) << ran.out;
}

}  // namespace
}  // namespace parley::scenario
