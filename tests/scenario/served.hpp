// A world whose engine is `parley serve` in a process of its own, which a test may kill and start again.
#pragma once

#include <atomic>

#include "process.hpp"
#include "world.hpp"

namespace parley::scenario {

class Served : public World {
  protected:
    void write_config() {
        std::ofstream(folder_.path() / ".env")
            << "SECRET=" << secret << "\nTOKEN=scenario-token\nKEY=scenario-key\n";
        std::ofstream(config()) << config_text();
    }
    std::filesystem::path config() const { return folder_.path() / "parley.yaml"; }

    std::vector<std::string> serve_words() const {
        return {parley_program, "serve", "--config", config().string()};
    }
    // Starts it and waits until it is ready, or has ended.
    void serve() { serve(serve_words()); }
    void serve(std::vector<std::string> words) {
        process = std::make_unique<Process>(std::move(words),
                                            Process::Streams{.err = folder_.path() / "engine.log"});
        EXPECT_TRUE(eventually([&] { return get("/ready") == 200 || process->end(); }));
    }

    // The status of the engine's answer; 0 when there is none.
    int get(const std::string& path, std::string* body = nullptr) {
        HttpCall call;
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}};
        call.timeout = Millis{5'000};
        const HttpOutcome outcome = ask(std::move(call));
        if (body != nullptr && outcome.reply) *body = outcome.reply->body;
        return outcome.reply ? outcome.reply->status : 0;
    }
    sim::Json get_json(const std::string& path) {
        std::string body;
        EXPECT_EQ(get(path, &body), 200) << path;
        return sim::Json::parse(body, nullptr, false);
    }

    // Posts until 200, as Meta does.
    void insist(const std::string& body) {
        while (true) {
            const int status = meta.post(body);
            if (status == 200) return;
            if (status == 503) ++unavailable;
            std::this_thread::sleep_for(Millis{5});
        }
    }

    // The messages from `first` to before `last` of every user, each posted once the one before was answered
    // 200; over several connections.
    void post_all(int users, int first, int last) {
        std::atomic<int> next{0};
        std::vector<std::thread> posters;
        for (int i = 0; i < 8; ++i)
            posters.emplace_back([&] {
                for (int user = next++; user < users; user = next++)
                    for (int n = first; n < last; ++n) insist(numbered(user, n));
            });
        for (std::thread& poster : posters) poster.join();
    }
    static std::string numbered(int user, int n) {
        const std::string id = "wamid.u" + std::to_string(user) + "n" + std::to_string(n);
        return envelope(
            {change("111", "\"messages\":[" + text_message(person(user), id, std::to_string(n)) + "]")});
    }
    // What an agent that repeats their words has told every user who wrote numbered messages.
    void expect_all_answered(int users, int each) {
        EXPECT_TRUE(eventually([&] { return accepted() >= static_cast<std::uint64_t>(users * each); }));
        EXPECT_EQ(accepted(), static_cast<std::uint64_t>(users * each));
        EXPECT_FALSE(repeated());
        std::vector<std::string> expected;
        for (int n = 0; n < each; ++n) expected.push_back(std::to_string(n));
        for (int user = 0; user < users; ++user)
            EXPECT_EQ(texts_to(person(user)), expected) << "user " << user;
    }

    std::unique_ptr<Process> process;
    std::atomic<int> unavailable{0};  // answers 503 to insist()
};

}  // namespace parley::scenario
