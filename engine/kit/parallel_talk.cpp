#include "kit/parallel_talk.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "base/metrics.hpp"
#include "base/random.hpp"
#include "host/plugin_host.hpp"
#include "kit/real_time_talk.hpp"
#include "kit/samples.hpp"

namespace parley::kit {
namespace {

constexpr unsigned threads = 4;

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
        TurnEvent event = text_event(deployment_, conversation, conversation * messages_ + number + 1,
                                     lines[number % lines.size()].text, clock_);
        event.state = states_[conversation];
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
