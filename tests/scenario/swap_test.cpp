// An agent is replaced while it answers: nothing is lost, repeated or out of order, and the old code goes.
#include <set>

#include "world.hpp"

namespace parley::scenario {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int rounds = 3, swaps = 50;
#else
constexpr int rounds = 30, swaps = 500;
#endif
constexpr int users = 2000;

class Swap : public World {
  protected:
    Swap() {
        put(1);
        deployments = deployment("shop", "111", "{ file: " + file.string() + " }",
                                 "    presence: { read: false, typing: false }\n", agent.string());
        agents_options = ", drain_timeout: 100ms";
    }
    // As an operator does: a new file in the old one's place.
    void put(int version) {
        std::filesystem::copy_file(
            PARLEY_BINARY_DIR "/tests/scenario-agents/relay-" + std::to_string(version) + ".so",
            folder_.path() / "next.so", std::filesystem::copy_options::overwrite_existing);
        std::filesystem::rename(folder_.path() / "next.so", agent);
    }
    std::pair<int, sim::Json> swap(const std::string& body = "") {
        HttpCall call;
        call.method = "POST";
        call.url = door() + "/api/deployments/shop/reload";
        call.headers = {{"X-API-Key", "scenario-key"}};
        call.body = body;
        const auto answer = ask(std::move(call)).reply.value_or(HttpReply{});
        return {answer.status, sim::Json::parse(answer.body, nullptr, false)};
    }
    // One message of every user, 100 in a POST.
    void post_round(int serial, const std::string& words = "") {
        std::vector<std::string> messages;
        for (int user = 0; user < users; ++user) {
            const std::string n = std::to_string(serial);
            messages.push_back(
                text_message(person(user), "wamid." + n + "." + std::to_string(user), n + words));
            if (messages.size() < 100) continue;
            while (meta.post(envelope({change("111", "\"messages\":[" + join(messages) + "]")})) != 200)
                std::this_thread::sleep_for(Millis{5});
            messages.clear();
        }
    }
    std::vector<std::string> lines() const {
        std::ifstream in(file);
        std::vector<std::string> all;
        for (std::string line; std::getline(in, line);) all.push_back(line);
        return all;
    }
    static std::set<std::string> mapped_relays() {
        std::ifstream maps("/proc/self/maps");
        std::set<std::string> files;
        for (std::string line; std::getline(maps, line);)
            if (line.ends_with("/relay.so")) files.insert(line.substr(line.find('/')));
        return files;
    }

    const std::filesystem::path file = folder_.path() / "told.txt";
    const std::filesystem::path agent = folder_.path() / "relay.so";
};

TEST_F(Swap, hundreds_of_times_under_load_loses_and_repeats_nothing) {
    start_graph();
    start_engine();
    std::atomic<bool> is_posted{false};
    std::thread poster([&] {
        for (int serial = 0; serial < rounds; ++serial) post_round(serial);
        is_posted = true;
    });
    int done = 0;
    std::chrono::steady_clock::duration longest{};
    for (; done < swaps || !is_posted; ++done) {
        put(done % 2 == 0 ? 2 : 1);
        const auto began = std::chrono::steady_clock::now();
        const auto [status, body] = swap();
        longest = std::max(longest, std::chrono::steady_clock::now() - began);
        ASSERT_EQ(status, 200) << body.dump();
        ASSERT_EQ(body["now"]["version"], done % 2 == 0 ? "2.0.0" : "1.0.0");
    }
    poster.join();
    ASSERT_TRUE(eventually([&] { return lines().size() == std::size_t{users} * rounds; })) << lines().size();
    std::map<std::string, std::set<int>> serials;
    std::map<std::string, int> versions;
    for (const std::string& line : lines()) {
        const auto user = line.find(' '), serial = line.rfind(' ');
        ++versions[line.substr(0, user)];
        const int number = std::stoi(line.substr(serial + 1));
        auto& seen = serials[line.substr(user + 1, serial - user - 1)];
        EXPECT_TRUE(seen.empty() || *seen.rbegin() == number - 1) << line;
        EXPECT_TRUE(seen.insert(number).second) << line;
    }
    EXPECT_EQ(serials.size(), std::size_t{users});
    EXPECT_EQ(versions.size(), 2U);
    HttpCall letters;
    letters.url = door() + "/api/dead-letters";
    letters.headers = {{"X-API-Key", "scenario-key"}};
    EXPECT_NE(ask(std::move(letters)).reply.value().body.find("\"data\":[]"), std::string::npos);
    EXPECT_TRUE(eventually([&] { return mapped_relays().size() == 1; })) << mapped_relays().size();
    RecordProperty("swaps", done);
    std::cout << done << " swaps, the longest "
              << std::chrono::duration_cast<std::chrono::microseconds>(longest).count() << " us, "
              << versions["1"] << " messages by version 1, " << versions["2"] << " by version 2\n";
}

TEST_F(Swap, gives_turns_that_do_not_end_to_the_new_version) {
    start_graph();
    start_engine();
    post_round(0, " stuck");
    put(2);
    ASSERT_EQ(swap().first, 200);
    EXPECT_TRUE(eventually([&] { return lines().size() == std::size_t{users}; })) << lines().size();
    for (const std::string& line : lines()) EXPECT_TRUE(line.starts_with("2 ")) << line;
    EXPECT_TRUE(eventually([&] { return mapped_relays().size() == 1; }));
}

TEST_F(Swap, to_a_file_that_cannot_run_changes_nothing_and_says_why) {
    start_graph();
    start_engine();
    std::ofstream(folder_.path() / "next.so") << "nonsense";
    std::filesystem::rename(folder_.path() / "next.so", agent);
    const auto [status, body] = swap();
    EXPECT_EQ(status, 422);
    EXPECT_NE(body["detail"].get<std::string>().find("is not a shared library"), std::string::npos);
    post_round(0);
    EXPECT_TRUE(eventually([&] { return lines().size() == std::size_t{users}; }));
}

TEST_F(Swap, goes_back_to_the_version_before) {
    start_graph();
    start_engine();
    EXPECT_EQ(swap(R"({"to":"previous"})").first, 409);
    put(2);
    ASSERT_EQ(swap().first, 200);
    const auto [status, body] = swap(R"({"to":"previous"})");
    EXPECT_EQ(status, 200);
    EXPECT_EQ(body["now"]["version"], "1.0.0");
    post_round(0);
    EXPECT_TRUE(eventually([&] { return lines().size() == std::size_t{users}; }));
    EXPECT_TRUE(lines().front().starts_with("1 "));
}

TEST_F(Swap, by_itself_when_the_file_changes_and_agents_are_watched) {
    agents_options += ", watch: true";
    start_graph();
    start_engine();
    const auto version = [&] {
        HttpCall call;
        call.url = door() + "/api/deployments";
        call.headers = {{"X-API-Key", "scenario-key"}};
        const auto answer = sim::Json::parse(ask(std::move(call)).reply.value().body);
        return answer["data"][0]["agent"]["version"].get<std::string>();
    };
    EXPECT_EQ(version(), "1.0.0");
    put(2);
    EXPECT_TRUE(eventually([&] { return version() == "2.0.0"; }));
}

}  // namespace
}  // namespace parley::scenario
