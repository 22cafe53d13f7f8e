// A plugin host over fakes, turns to give to its agents, and places for files: what most of these tests need.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_http_client.hpp"
#include "fakes/fake_random.hpp"
#include "fakes/temp_folder.hpp"
#include "host/plugin_host.hpp"

namespace parley {

inline std::filesystem::path test_plugins() {
    return std::filesystem::path(PARLEY_BINARY_DIR) / "tests/host-plugins";
}

// A turn given to an agent, and what the agent made of it.
class Asked {
  public:
    explicit Asked(TurnEvent event) : shared_(std::make_shared<Shared>()) {
        turn_ = std::make_shared<Turn>(std::move(event), [shared = shared_](TurnResult result) {
            const std::lock_guard lock(shared->mutex);
            shared->result = std::move(result);
            shared->changed.notify_all();
        });
    }

    const TurnPtr& turn() const { return turn_; }

    // The result; fails the test after 20 s.
    TurnResult wait() const {
        std::unique_lock lock(shared_->mutex);
        if (!shared_->changed.wait_for(lock, std::chrono::seconds(20),
                                       [&] { return shared_->result.has_value(); })) {
            ADD_FAILURE() << "the agent did not finish the turn";
            return {};
        }
        return *shared_->result;
    }
    std::string reply() const {
        const TurnResult result = wait();
        EXPECT_TRUE(result.ok) << result.error;
        return result.replies.empty() ? "" : result.replies.front();
    }
    bool is_finished() const {
        const std::lock_guard lock(shared_->mutex);
        return shared_->result.has_value();
    }

  private:
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<TurnResult> result;
    };
    std::shared_ptr<Shared> shared_;
    TurnPtr turn_;
};

inline bool eventually(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::yield();
    }
    return true;
}

inline std::string text_reply(const std::string& text) {
    return R"({"type":"text","text":{"body":")" + text + R"("}})";
}

class HostFixture : public ::testing::Test {
  protected:
    HostFixture() {
        options_.paths = {test_plugins()};
        options_.state_dir = folder_.path() / "state";
        options_.housekeeping = false;
        options_.worker_program = std::filesystem::path(PARLEY_BINARY_DIR) / "bin/parley-worker";
        options_.workers_ask_for_time = true;
    }

    PluginHost& host() {
        if (!host_) host_ = std::make_unique<PluginHost>(options_, http_, clock_, random_, metrics_);
        return *host_;
    }

    std::shared_ptr<Agent> make(const std::string& name, AgentPolicy policy = {},
                                const std::string& config = "{}") {
        auto agent = host().create(DeploymentId{"shop"}, name, config, std::move(policy), isolated_);
        EXPECT_TRUE(agent) << (agent ? "" : agent.error().message());
        return agent ? agent->agent : nullptr;
    }

    TurnEvent event(const std::string& text, int conversation = 1) {
        auto deployment = std::make_shared<Deployment>();
        deployment->id = DeploymentId{"shop"};
        TurnEvent event;
        event.deployment = deployment;
        event.conversation = ConversationId{conversation};
        event.seq = ItemSeq{++seq_};
        event.message.from = {"919876543210", "IN.1", "", "Asha"};
        event.message.type = "text";
        event.message.text = text;
        event.canonical_json = R"({"type":"text"})";
        event.received_at = clock_.wall();
        event.deadline = clock_.mono() + deployment->deadline;
        return event;
    }

    Asked ask(Agent& agent, const std::string& text, int conversation = 1) {
        Asked asked(event(text, conversation));
        agent.deliver(asked.turn());
        return asked;
    }

    double metric(const std::string& name, const MetricLabels& labels) {
        return metrics_.counter(name, "", labels).value();
    }
    double misbehaviour() { return metric("parley_agent_misbehaviour_total", {{"deployment", "shop"}}); }
    double faults() { return metric("parley_faults_total", {{"where", "agent"}}); }

    fakes::TempFolder folder_;
    FakeHttpClient http_;
    FakeClock clock_;
    FakeRandom random_;
    Metrics metrics_;
    PluginHostOptions options_;
    std::optional<WorkerLimits> isolated_;
    std::int64_t seq_ = 0;
    std::unique_ptr<PluginHost> host_;
};

// For what an agent must not notice: whether it runs in the engine ("here") or in a process of its own.
class BothWays : public HostFixture, public ::testing::WithParamInterface<const char*> {
  protected:
    BothWays() {
        if (GetParam() == std::string("process")) isolated_ = WorkerLimits{};
    }
};
inline const auto both_ways = ::testing::Values("here", "process");
inline std::string way_name(const ::testing::TestParamInfo<const char*>& info) {
    return info.param;
}

}  // namespace parley
