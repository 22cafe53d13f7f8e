// A served engine that is killed again and again while something goes on.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>

#include "served.hpp"

namespace parley::scenario {

class Killed : public Served {
  protected:
    static constexpr int users = 40;

    // Kills the engine `lifetime` after it is ready, again and again, while `work` runs; the last one stays. Each
    // life is `growth` times as long as the one before. Returns the number of kills.
    int kill_while(Millis lifetime, const std::function<void()>& work, double growth = 1) {
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
        std::chrono::duration<double> life = lifetime;
        std::unique_lock lock(mutex);
        while (!done) {
            lock.unlock();
            serve();
            lock.lock();
            if (changed.wait_for(lock, life, [&] { return done; })) break;
            process->kill();
            ++kills;
            life *= growth;
        }
        lock.unlock();
        worker.join();
        return kills;
    }

    // What the engine lists as held; the whole list.
    std::set<std::string> held_callbacks() {
        std::set<std::string> held;
        std::string after = "0";
        while (!after.empty()) {
            const sim::Json page = get_json("/api/outbox?state=held&limit=500&after=" + after);
            for (const auto& row : page.at("data")) held.insert(row.at("callback").get<std::string>());
            after = page.at("next").is_null() ? "" : page.at("next").get<std::string>();
        }
        return held;
    }
    std::set<std::string> accepted_callbacks() const {
        std::set<std::string> callbacks;
        for (int user = 0; user < users; ++user)
            for (const sim::AcceptedMessage& message : graph->cloud().accepted_to(person(user)))
                callbacks.insert(message.callback);
        return callbacks;
    }
};

}  // namespace parley::scenario
