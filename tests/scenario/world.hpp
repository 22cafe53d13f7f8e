// A world for scenarios: the engine on a folder of its own, the simulator as its Graph, Meta as its sender.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "app/config_loader.hpp"
#include "app/engine.hpp"
#include "fakes/temp_folder.hpp"
#include "meta.hpp"
#include "ports.hpp"
#include "simulator/simulator.hpp"

namespace parley::scenario {

// Looks again until it is so; false after a minute. Nothing but other threads' progress is waited for, and most
// of the time is theirs, however much a look costs.
inline bool eventually(const std::function<bool()>& is_so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
        const auto began = std::chrono::steady_clock::now();
        if (is_so()) return true;
        const auto now = std::chrono::steady_clock::now();
        if (now > end) return false;
        std::this_thread::sleep_for(
            std::max<std::chrono::nanoseconds>(std::chrono::milliseconds(2), 5 * (now - began)));
    }
}

// What the 99th percentile of the door's answers must stay below.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr Millis ack_limit{500};
#else
constexpr Millis ack_limit{50};
#endif

inline const std::string secret = "scenario-app-secret";

class World : public ::testing::Test {
  protected:
    // What a test writes under `deployments:`; "shop" answers for 111 unless a test says otherwise.
    std::string deployments = deployment("shop", "111", "{}");

    std::filesystem::path executable = "/proc/self/exe";  // agents and parley-worker are found beside it
    std::string agents_options;                           // more of `agents:`, each with a comma before it

    static std::string deployment(const std::string& name, const std::string& channel,
                                  const std::string& config, const std::string& more = "",
                                  const std::string& agent = "echo") {
        return "  " + name + ":\n    phone_number_id: \"" + channel + "\"\n    access_token: ${TOKEN}\n" +
               "    agent: " + agent + "\n    config: " + config + "\n    fallback: \"Sorry.\"\n" +
               (more.find("    pace:") == std::string::npos ? "    pace: off\n" : "") + more;
    }

    std::string config_text() const {
        return "server: { listen: \"" + door_.address() +
               "\" }\nadmin: { api_key: ${KEY} }\nwhatsapp:\n  graph_url: http://" + graph_.address() +
               "\n  app_secret: ${SECRET}\n  verify_token: ${TOKEN}\nstore: { url: \"sqlite:" +
               store_folder.string() +
               "/parley.db\" }\nagents: { path: [\"" PARLEY_BINARY_DIR "/lib/parley/agents\"]" +
               agents_options + " }\n" + "deployments:\n" + deployments;
    }
    Environment environment() const {
        return {{"SECRET", secret}, {"TOKEN", "scenario-token"}, {"KEY", "scenario-key"}};
    }

    // Statuses follow at once, and are posted again soon while the engine does not take them.
    static sim::Behaviour quick_statuses() {
        sim::Behaviour behaviour;
        behaviour.sent_after = Millis{20};
        behaviour.delivered_after = Millis{40};
        behaviour.retry_first = Millis{20};
        behaviour.retry_cap = Millis{200};
        return behaviour;
    }
    void start_graph(sim::Behaviour behaviour = {}) {
        SimulatorOptions options;
        options.listen = graph_.address();
        options.webhook_url = "http://" + door_.address() + "/webhook";
        options.app_secret = Secret(secret);
        for (const char* id : {"111", "222"})
            options.numbers.push_back({id, std::string("1555000") + id, "2", "scenario-token", id});
        options.behaviour = std::move(behaviour);
        graph = std::make_unique<Simulator>(std::move(options), clock_, random_, http_);
        ASSERT_TRUE(graph->start()) << "the simulator does not start";
    }

    void start_engine() {
        LoadReport report = load_config("scenario.yaml", config_text(), environment(), clock_.wall());
        for (const Diagnostic& one : report.errors) ADD_FAILURE() << to_text(one);
        configure_log(LogLevel::off, LogFormat::text);
        auto started = Engine::start(std::move(report.config), {clock_, random_, executable});
        ASSERT_TRUE(started) << started.error().message();
        engine = std::move(*started);
    }

    std::vector<std::string> texts_to(const std::string& user) const {
        std::vector<std::string> texts;
        const sim::Json state = graph->cloud().state(user, 5000);
        const sim::Json& recipients = state.at("sends").at("recipients");
        if (!recipients.contains(user)) return texts;
        for (const sim::Json& message : recipients.at(user).at("messages"))
            texts.push_back(message.at("text"));
        return texts;
    }
    std::uint64_t accepted() const { return graph->cloud().state("", 1).at("sends").at("accepted"); }
    bool repeated() const { return !graph->cloud().state("", 1).at("sends").at("repeated").empty(); }
    std::string door() const { return "http://" + door_.address(); }

    HttpOutcome ask(HttpCall call) {
        std::promise<HttpOutcome> answer;
        http_.start(std::move(call), [&](HttpOutcome outcome) { answer.set_value(std::move(outcome)); });
        return answer.get_future().get();
    }

    fakes::TempFolder folder_;
    std::filesystem::path store_folder = folder_.path();
    FreePort door_;
    FreePort graph_;
    SystemClock clock_;
    SystemRandom random_;
    CurlClient http_{CurlOptions{}};
    std::unique_ptr<Simulator> graph;
    std::unique_ptr<Engine> engine;
    Meta meta{"http://" + door_.address() + "/webhook", secret};
};

}  // namespace parley::scenario
