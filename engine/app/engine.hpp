// The engine as a whole: builds its parts in order, stops them in reverse. Nothing but this file and the
// commands knows all of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "admin/reload_report.hpp"
#include "app/config_loader.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

namespace parley {

struct EngineEnvironment {
    const Clock& clock;
    Random& random;
    std::filesystem::path executable;  // agents are looked for beside it when the configuration names no path
    std::function<LoadReport()> load = {};  // reads and checks the configuration again; empty: it has no file
};

class Engine {
  public:
    // Opens the store, starts the agents and binds the address, in this order; an error leaves nothing
    // behind. invalid_input: the configuration cannot be used; conflict: another engine has the store;
    // unavailable: the rest.
    static Result<std::unique_ptr<Engine>> start(Config config, EngineEnvironment environment);
    ~Engine();  // stop(0)
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    std::uint16_t port() const;  // where it listens
    std::string url() const;     // http(s)://address:port, an address a local client can use
    std::vector<std::string> routes()
        const;  // what it answers: "GET /api/status"; for checking the API document

    // Reads the configuration again and applies what may change while it runs; the rest is named and stays as it was.
    // A file with a mistake changes nothing. What came of it is logged, too. Any thread; blocks.
    ReloadReport reload();

    // Takes no new webhooks, lets open turns and calls end for at most `limit`, then stops. What is left is
    // durable and goes on at the next start. True when nothing was cut off. Once; blocks.
    bool stop(Millis limit);

    // After stop(): a thread is still inside an agent's code. What is stored is safe; the process should end at once.
    bool is_stuck() const;

    // Asks a running stop() to give up waiting, for turns, calls and agents. Any thread.
    void hurry();

  private:
    struct Parts;
    explicit Engine(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace parley
