// SIGKILL again and again: what was answered 200 gets its reply, once, in order.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "world.hpp"

namespace parley::scenario {
namespace {

// `parley serve` as a process of its own.
class Process {
  public:
    explicit Process(const std::filesystem::path& config) {
        const std::string program = PARLEY_BINARY_DIR "/bin/parley";
        std::string file = config.string();
        std::string words[] = {program, "serve", "--config", file};
        char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
        posix_spawn_file_actions_t quiet;
        posix_spawn_file_actions_init(&quiet);
        posix_spawn_file_actions_addopen(&quiet, 2, (config.parent_path() / "engine.log").c_str(),
                                         O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (posix_spawn(&pid_, program.c_str(), &quiet, nullptr, arguments, environ) != 0) pid_ = -1;
        posix_spawn_file_actions_destroy(&quiet);
    }
    ~Process() { kill(); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }

  private:
    pid_t pid_ = -1;
};

class Kill : public World {
  protected:
    static constexpr int users = 40;
    static constexpr Millis lifetime{60};  // short, so that a run sees many ends

    void write_config() {
        std::ofstream(folder_.path() / ".env")
            << "SECRET=" << secret << "\nTOKEN=scenario-token\nKEY=scenario-key\n";
        std::ofstream(config()) << config_text();
    }
    std::filesystem::path config() const { return folder_.path() / "parley.yaml"; }

    int get(const std::string& path, std::string* body = nullptr) {
        HttpCall call;
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}};
        call.timeout = Millis{5'000};
        std::promise<HttpOutcome> done;
        http_.start(call, [&done](HttpOutcome outcome) { done.set_value(std::move(outcome)); });
        const HttpOutcome outcome = done.get_future().get();
        if (body != nullptr && outcome.reply) *body = outcome.reply->body;
        return outcome.reply ? outcome.reply->status : 0;
    }

    // Posts until 200, as Meta does.
    void insist(const std::string& body) {
        while (meta.post(body) != 200) std::this_thread::sleep_for(Millis{5});
    }

    // `each` messages of every user, each posted once the one before was answered 200, over several connections.
    void post_all(int each) {
        std::atomic<int> next{0};
        std::vector<std::thread> posters;
        for (int i = 0; i < 8; ++i)
            posters.emplace_back([&] {
                for (int user = next++; user < users; user = next++)
                    for (int n = 0; n < each; ++n) {
                        const std::string id = "wamid.u" + std::to_string(user) + "n" + std::to_string(n);
                        insist(envelope(
                            {change("111", "\"messages\":[" +
                                               text_message(person(user), id, std::to_string(n)) + "]")}));
                    }
            });
        for (std::thread& poster : posters) poster.join();
    }

    // Kills the engine soon after it is ready, again and again, while `work` runs; the last one stays. Returns the number of kills.
    int kill_while(const std::function<void()>& work, std::unique_ptr<Process>& process) {
        std::mutex mutex;
        std::condition_variable changed;
        bool done = false;
        std::thread worker([&] {
            work();
            const std::lock_guard lock(mutex);
            done = true;
            changed.notify_all();
        });
        int kills = 0;
        std::unique_lock lock(mutex);
        while (!done) {
            lock.unlock();
            process = std::make_unique<Process>(config());
            EXPECT_TRUE(eventually([&] { return get("/ready") == 200; }));
            lock.lock();
            if (changed.wait_for(lock, lifetime, [&] { return done; })) break;
            process->kill();
            ++kills;
        }
        lock.unlock();
        worker.join();
        return kills;
    }
};

TEST_F(Kill, answers_each_message_once_and_in_order_where_statuses_settle_doubts) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 10s, then: resend }\n");
    sim::Behaviour behaviour;
    behaviour.sent_after = Millis{20};
    behaviour.delivered_after = Millis{40};
    behaviour.retry_first = Millis{20};
    behaviour.retry_cap = Millis{200};
    start_graph(behaviour);
    write_config();
    std::unique_ptr<Process> process;
    constexpr int each = 50;
    const int kills = kill_while([&] { post_all(each); }, process);
    RecordProperty("kills", kills);
    std::cout << users * each << " messages, " << kills << " kills\n";
    EXPECT_GE(kills, 3);
    EXPECT_TRUE(eventually([&] { return accepted() >= users * each; }));
    EXPECT_EQ(accepted(), static_cast<std::uint64_t>(users * each));
    EXPECT_FALSE(repeated());
    std::vector<std::string> expected;
    for (int n = 0; n < each; ++n) expected.push_back(std::to_string(n));
    for (int user = 0; user < users; ++user) EXPECT_EQ(texts_to(person(user)), expected) << "user " << user;
}

TEST_F(Kill, sends_nothing_twice_under_hold_and_lists_what_stays_in_doubt) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 100ms, then: hold }\n");
    sim::Behaviour behaviour;
    behaviour.statuses = false;
    start_graph(behaviour);
    write_config();
    std::unique_ptr<Process> process;
    constexpr int each = 20;
    const int kills = kill_while([&] { post_all(each); }, process);
    std::set<std::string> held;
    const auto missing = [&] {
        std::string body;
        held.clear();
        if (get("/api/outbox?state=held&limit=500", &body) != 200) return true;
        const sim::Json page = sim::Json::parse(body);
        for (const auto& row : page.at("data")) held.insert(row.at("callback").get<std::string>());
        return accepted() + held.size() < static_cast<std::uint64_t>(users * each);
    };
    EXPECT_TRUE(eventually([&] { return !missing(); }));
    std::cout << users * each << " messages, " << kills << " kills, " << accepted() << " accepted, "
              << held.size() << " held\n";
    EXPECT_FALSE(repeated());
}

}  // namespace
}  // namespace parley::scenario
