#include "kit/parallel_talk.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/json_text.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "host/plugin_host.hpp"
#include "kit/samples.hpp"

namespace parley::kit {
namespace {

constexpr unsigned threads = 4;

// Says yes to every request, a moment later and on its own thread.
class YesHttp final : public HttpClient {
  public:
    YesHttp() : thread_([this] { work(); }) {}
    ~YesHttp() override {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    YesHttp(const YesHttp&) = delete;
    YesHttp& operator=(const YesHttp&) = delete;

    HttpCallId start(HttpCall, Completion<HttpOutcome> done) override {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(done));
        changed_.notify_all();
        return ++last_;
    }
    void cancel(HttpCallId) override {}

    std::size_t requests() const {
        const std::lock_guard lock(mutex_);
        return last_;
    }

  private:
    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            auto done = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            done(HttpOutcome{HttpReply{200, {}, "{}"}, {}});
            lock.lock();
        }
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Completion<HttpOutcome>> waiting_;
    HttpCallId last_ = 0;
    bool is_over_ = false;
    std::thread thread_;  // last: it uses the rest
};

// The messages of all conversations; the next one of each is given when the one before is finished.
class Talk {
  public:
    Talk(Agent& agent, const Clock& clock, std::uint32_t state_schema, std::size_t conversations,
         std::size_t messages)
        : agent_(agent), clock_(clock), messages_(messages), states_(conversations, {"", 0, state_schema}) {
        Deployment deployment;
        deployment.id = DeploymentId{"validate"};
        deployment_ = std::make_shared<Deployment>(std::move(deployment));
        result_.turns = conversations * messages;
        for (std::size_t i = 0; i < conversations; ++i) give(i, 0);
    }

    ParallelTalk wait(Millis limit) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, limit, [this] { return finished_ == result_.turns; });
        is_over_ = true;
        result_.open = result_.turns - finished_;
        return result_;
    }

  private:
    void give(std::size_t conversation, std::size_t number) {
        static const auto lines = small_talk();
        TurnEvent event;
        event.deployment = deployment_;
        event.conversation = ConversationId{static_cast<std::int64_t>(conversation + 1)};
        event.seq = ItemSeq{static_cast<std::int64_t>(conversation * messages_ + number + 1)};
        event.message.from.wa_id = "91980" + std::to_string(1'000'000 + conversation);
        event.message.type = "text";
        event.message.text = lines[number % lines.size()].text;
        event.canonical_json = R"({"message_type":"text","content":)" + json_string(event.message.text) +
                               R"(,"message":{"type":"text","text":{"body":)" +
                               json_string(event.message.text) + "}}}";
        event.state = states_[conversation];
        event.received_at = clock_.wall();
        event.deadline = clock_.mono() + std::chrono::minutes(1);
        agent_.deliver(
            std::make_shared<Turn>(std::move(event), [this, conversation, number](TurnResult result) {
                take(conversation, number, std::move(result));
            }));
    }

    void take(std::size_t conversation, std::size_t number, TurnResult result) {
        bool goes_on = false;
        {
            const std::lock_guard lock(mutex_);
            ++finished_;
            if (result.ok)
                ++result_.answered;
            else
                result_.errors.push_back(result.error);
            if (result.has_state) {
                states_[conversation].json = std::move(result.state_json);
                ++states_[conversation].revision;
            }
            goes_on = number + 1 < messages_ && !is_over_;
        }
        changed_.notify_all();
        if (goes_on) give(conversation, number + 1);
    }

    Agent& agent_;
    const Clock& clock_;
    const std::size_t messages_;
    DeploymentPtr deployment_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<ConversationState> states_;
    std::size_t finished_ = 0;
    bool is_over_ = false;
    ParallelTalk result_;
};

PluginHostOptions host_options(const Subject& subject) {
    PluginHostOptions options;
    options.state_dir = subject.folder / "parallel";
    options.threads = threads;
    return options;
}

struct World {
    explicit World(const Subject& subject) : host(host_options(subject), http, clock, random, metrics) {}

    YesHttp http;
    SystemClock clock;
    SystemRandom random;
    Metrics metrics;
    PluginHost host;
    std::unique_ptr<Talk> talk;
};

}  // namespace

Result<ParallelTalk> talk_in_parallel(const Subject& subject, std::size_t conversations, std::size_t messages,
                                      Millis limit) {
    auto world = std::make_unique<World>(subject);
    auto hosted =
        world->host.create(DeploymentId{"validate"}, subject.file.string(), subject.config_json, {});
    if (!hosted) return hosted.error();
    world->talk = std::make_unique<Talk>(*hosted->agent, world->clock, subject.manifest.state_schema,
                                         conversations, messages);
    ParallelTalk result = world->talk->wait(limit);
    result.requests = world->http.requests();
    hosted->agent.reset();
    result.is_stuck = !world->host.shutdown(Millis(2'000));
    // A thread that is stuck still uses all of it; the child process takes it along.
    if (result.is_stuck) (void)world.release();
    return result;
}

}  // namespace parley::kit
