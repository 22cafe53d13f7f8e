// SIGKILL again and again: what was answered 200 gets its reply, once, in order.
#include <condition_variable>
#include <mutex>
#include <set>

#include "served.hpp"

namespace parley::scenario {
namespace {

class Kill : public Served {
  protected:
    static constexpr int users = 40;
    static constexpr Millis lifetime{60};  // short, so that a run sees many ends

    // Kills the engine soon after it is ready, again and again, while `work` runs; the last one stays. Returns the number of kills.
    int kill_while(const std::function<void()>& work) {
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
            serve();
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
    constexpr int each = 50;
    const int kills = kill_while([&] { post_all(users, 0, each); });
    RecordProperty("kills", kills);
    std::cout << users * each << " messages, " << kills << " kills\n";
    EXPECT_GE(kills, 3);
    expect_all_answered(users, each);
}

TEST_F(Kill, sends_nothing_twice_under_hold_and_lists_what_stays_in_doubt) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 100ms, then: hold }\n");
    sim::Behaviour behaviour;
    behaviour.statuses = false;
    start_graph(behaviour);
    write_config();
    constexpr int each = 20;
    const int kills = kill_while([&] { post_all(users, 0, each); });
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
