// What a turn costs beyond its agent: an agent that repeats the text, in the engine and in a process of its own.
// Prints one line of JSON; bench/run shows it.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <vector>

#include <sys/resource.h>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "host/plugin_host.hpp"

namespace {

using namespace parley;
using std::chrono::duration;

constexpr int warm_up = 2'000;
constexpr int measured = 50'000;
constexpr int at_once = 32;

class NoHttp final : public HttpClient {
  public:
    HttpCallId start(HttpCall, Completion<HttpOutcome> done) override {
        done({std::nullopt, {HttpFailure::Kind::not_sent, false, "none here"}});
        return 0;
    }
    void cancel(HttpCallId) override {}
};

double process_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

class Bench {
  public:
    explicit Bench(Agent& agent) : agent_(agent) {
        auto deployment = std::make_shared<Deployment>();
        deployment->id = DeploymentId("bench");
        deployment_ = std::move(deployment);
        canonical_ = R"({"type":"text","text":")" + std::string(1000, 'x') + R"("})";
    }

    // From the turn's delivery to its end, one after another: microseconds, sorted.
    std::vector<double> one_by_one(int turns) {
        std::vector<double> all;
        for (int i = 0; i < turns; ++i) {
            const auto began = std::chrono::steady_clock::now();
            begin(i);
            wait(i + 1);
            all.push_back(duration<double, std::micro>(std::chrono::steady_clock::now() - began).count());
        }
        ended_ = 0;
        std::sort(all.begin(), all.end());
        return all;
    }

    // Processor time of this process for one turn, with many of them under way: microseconds.
    double processor_time(int turns) {
        const double before = process_seconds();
        for (int i = 0; i < turns; ++i) {
            wait(i - at_once + 1);
            begin(i);
        }
        wait(turns);
        ended_ = 0;
        return (process_seconds() - before) * 1e6 / turns;
    }

  private:
    void begin(int number) {
        TurnEvent event;
        event.deployment = deployment_;
        event.conversation = ConversationId{number + 1};
        event.seq = ItemSeq{number + 1};
        event.message.from = {"919876543210", "", "", "Asha"};
        event.message.type = "text";
        event.message.text = "hello";
        event.canonical_json = canonical_;
        event.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        agent_.deliver(std::make_shared<Turn>(std::move(event), [this](TurnResult result) {
            if (!result.ok || result.replies.size() != 1) std::abort();
            const std::lock_guard lock(mutex_);
            ++ended_;
            changed_.notify_one();
        }));
    }
    void wait(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ended_ >= count; });
    }

    Agent& agent_;
    DeploymentPtr deployment_;
    std::string canonical_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int ended_ = 0;
};

void measure(const char* name, PluginHost& host, const char* agent, std::optional<WorkerLimits> isolated) {
    auto made = host.create(DeploymentId("bench"), agent, "", {}, isolated);
    if (!made) {
        std::fprintf(stderr, "bench-turns: %s\n", made.error().message().c_str());
        std::exit(1);
    }
    Bench bench(*made->agent);
    bench.one_by_one(warm_up);
    const std::vector<double> all = bench.one_by_one(measured);
    const double cpu = bench.processor_time(measured);
    std::printf(R"("%s":{"p50_us":%.1f,"p99_us":%.1f,"engine_cpu_us":%.1f})", name, all[all.size() / 2],
                all[all.size() * 99 / 100], cpu);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: bench-turns AGENT.so PARLEY-WORKER STATE-FOLDER\n", stderr);
        return 2;
    }
    configure_log(LogLevel::error, LogFormat::text);
    SystemClock clock;
    SystemRandom random;
    Metrics metrics;
    NoHttp http;
    PluginHostOptions options;
    options.worker_program = argv[2];
    options.state_dir = argv[3];
    PluginHost host(options, http, clock, random, metrics);
    std::printf("{");
    measure("here", host, argv[1], std::nullopt);
    std::printf(",");
    measure("process", host, argv[1], WorkerLimits{});
    std::printf("}\n");
    return host.shutdown(Millis{5'000}) ? 0 : 1;
}
