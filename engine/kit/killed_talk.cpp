#include "kit/killed_talk.hpp"

#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <thread>

#include <sys/syscall.h>
#include <unistd.h>

#include "base/metrics.hpp"
#include "base/random.hpp"
#include "host/frame_socket.hpp"
#include "host/plugin_host.hpp"
#include "kit/fuzz_case.hpp"
#include "kit/real_time_talk.hpp"
#include "kit/samples.hpp"

namespace parley::kit {
namespace {

constexpr std::size_t conversations = 8;
constexpr std::uint32_t attempts = 2;  // as the core's default
constexpr std::size_t most_errors = 3;
constexpr Millis glance{5};

struct Message {
    std::size_t conversation = 0;
    std::size_t item = 0;
    std::string text;
    std::uint32_t attempt = 0;
};

PluginHostOptions host_options(const Subject& subject) {
    PluginHostOptions options;
    options.state_dir = subject.folder / "killed";
    options.worker_program = subject.worker;
    return options;
}

// Gives messages, and gives them again as the core does.
class Talk {
  public:
    Talk(const Subject& subject, Millis limit)
        : end_(clock_.mono() + limit), host_(host_options(subject), http_, clock_, random_, metrics_) {
        Deployment deployment;
        deployment.id = id_;
        deployment_ = std::make_shared<Deployment>(std::move(deployment));
        states_.resize(conversations, {"", 0, subject.manifest.state_schema});
    }

    Result<> start(const Subject& subject) {
        auto hosted = host_.create(id_, subject.file.string(), subject.config_json, {}, WorkerLimits{});
        if (!hosted) return hosted.error();
        agent_ = hosted->agent;
        return {};
    }

    // From now on each conversation says something when it was answered.
    void go_on(bool goes_on) {
        const std::lock_guard lock(mutex_);
        goes_on_ = goes_on;
    }

    void say(std::size_t conversation) {
        static const auto lines = small_talk();
        Message message{conversation, 0, "", 0};
        {
            const std::lock_guard lock(mutex_);
            message.item = ++result_.given;
            message.text = lines[message.item % lines.size()].text;
        }
        give(std::move(message));
    }

    // What ends with its process waits for give_again() instead of being given at once.
    void hold_back(bool holds) {
        const std::lock_guard lock(mutex_);
        holds_ = holds;
    }
    void give_again() {
        std::vector<Message> held;
        {
            const std::lock_guard lock(mutex_);
            held.swap(held_);
        }
        for (Message& one : held) give(std::move(one));
    }

    template <class Condition>
    bool wait(Condition&& is_met) {
        std::unique_lock lock(mutex_);
        while (!is_met(result_)) {
            if (clock_.mono() >= end_) return false;
            changed_.wait_for(lock, glance);
        }
        return true;
    }

    // The worker runs, and it is not one that was there before so many restarts.
    bool wait_until_it_runs(std::uint64_t restarts) {
        return wait([&](const KilledTalk&) {
                   const auto status = host_.worker(id_);
                   return !status || status->state == "open" ||
                          (status->state == "running" && status->restarts >= restarts);
               }) &&
               is_running();
    }

    bool is_running() const {
        const auto status = host_.worker(id_);
        return status && status->state == "running";
    }

    // False when it had ended by itself.
    bool signal(int number) {
        const auto status = host_.worker(id_);
        if (!status || status->pid == 0) return false;
        const auto pid = static_cast<pid_t>(status->pid);
        const OwnedFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
        const auto now = host_.worker(id_);
        if (!process || !now || now->pid != status->pid) return false;
        return ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0) == 0;
    }

    bool kill() {
        if (!signal(SIGKILL)) return false;
        const std::lock_guard lock(mutex_);
        ++result_.kills;
        return true;
    }

    // So many more than `before`. False when they do not come, or when turns fail.
    bool wait_for_answers(std::size_t before, std::size_t more) {
        const bool is_met = wait([&](const KilledTalk& now) {
            return now.answered >= before + more || now.errors.size() >= most_errors;
        });
        return is_met && errors() < most_errors;
    }

    std::size_t answered() {
        const std::lock_guard lock(mutex_);
        return result_.answered;
    }

    KilledTalk end() {
        go_on(false);
        wait([this](const KilledTalk& now) { return is_over(now) || !is_running(); });
        const bool runs = is_running();
        if (const auto status = host_.worker(id_)) last_end_ = status->last_end;
        agent_.reset();
        const bool has_stopped = host_.shutdown(Millis(2'000));
        const std::lock_guard lock(mutex_);
        KilledTalk result = result_;
        result.open = result.given - result.answered - result.dead - result.errors.size();
        result.runs = runs;
        result.last_end = last_end_;
        result.has_stopped = has_stopped;
        return result;
    }

  private:
    std::size_t errors() {
        const std::lock_guard lock(mutex_);
        return result_.errors.size();
    }

    static bool is_over(const KilledTalk& now) {
        return now.answered + now.dead + now.errors.size() == now.given;
    }

    void give(Message message) {
        TurnEvent event = text_event(deployment_, message.conversation, message.item, message.text, clock_);
        event.attempt = message.attempt;
        {
            const std::lock_guard lock(mutex_);
            event.state = states_[message.conversation];
        }
        agent_->deliver(std::make_shared<Turn>(std::move(event),
                                               [this, kept = std::move(message)](TurnResult result) mutable {
                                                   take(std::move(kept), std::move(result));
                                               }));
    }

    // On the host's threads.
    void take(Message message, TurnResult result) {
        const std::size_t conversation = message.conversation;
        bool again = false;
        bool goes_on = false;
        {
            const std::lock_guard lock(mutex_);
            if (result.ending == Ending::crashed && ++message.attempt >= attempts) {
                ++result_.dead;
            } else if (result.ending != Ending::finished) {
                again = !holds_;
                if (holds_) held_.push_back(message);
            } else {
                count(conversation, std::move(result));
            }
            const bool has_ended = !again && !(holds_ && result.ending != Ending::finished);
            goes_on = goes_on_ && has_ended && result_.errors.size() < most_errors;
        }
        changed_.notify_all();
        if (again) give(std::move(message));
        if (goes_on) say(conversation);
    }

    void count(std::size_t conversation, TurnResult result) {
        if (!result.ok && http_.requests() == 0) {
            result_.errors.push_back(std::move(result.error));
            return;
        }
        ++result_.answered;
        if (!result.has_state) return;
        ConversationState& state = states_[conversation];
        state.json = std::move(result.state_json);
        ++state.revision;
    }

    const DeploymentId id_{"validate"};
    YesHttp http_;
    SystemClock clock_;
    SystemRandom random_;
    Metrics metrics_;
    const MonoTime end_;
    DeploymentPtr deployment_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<ConversationState> states_;
    std::vector<Message> held_;
    bool goes_on_ = false;
    bool holds_ = false;
    std::string last_end_;
    KilledTalk result_;
    PluginHost host_;  // its threads use the rest
    std::shared_ptr<Agent> agent_;
};

}  // namespace

Result<KilledTalk> talk_with_kills(const Subject& subject, std::size_t kills, Millis limit) {
    Talk talk(subject, limit);
    if (const auto started = talk.start(subject); !started) return started.error();
    Dice dice(subject.seed);
    talk.go_on(true);
    for (std::size_t i = 0; i < conversations; ++i) talk.say(i);
    for (std::size_t kill = 1; kill <= kills; ++kill) {
        if (!talk.wait_for_answers(talk.answered(), 1 + dice.below(50))) break;
        std::this_thread::sleep_for(std::chrono::microseconds(dice.below(2'000)));
        if (!talk.kill() || !talk.wait_until_it_runs(kill)) break;
    }
    talk.wait_for_answers(talk.answered(), conversations);
    return talk.end();
}

Result<KilledTalk> talk_with_poison(const Subject& subject, Millis limit) {
    Talk talk(subject, limit);
    if (const auto started = talk.start(subject); !started) return started.error();
    talk.hold_back(true);
    for (std::uint32_t attempt = 0; attempt < attempts; ++attempt) {
        // Stopped, it is given the message and does nothing with it; so it always ends in this one.
        if (!talk.signal(SIGSTOP)) break;
        if (attempt == 0)
            for (std::size_t i = 0; i < conversations; ++i) talk.say(i);
        else
            talk.give_again();
        if (attempt + 1 == attempts) talk.hold_back(false);
        if (!talk.kill() || !talk.wait_until_it_runs(attempt + 1)) break;
    }
    if (talk.wait_for_answers(0, conversations - 1)) {
        for (std::size_t i = 0; i < conversations; ++i) talk.say(i);
        talk.wait_for_answers(conversations - 1, conversations);
    }
    return talk.end();
}

}  // namespace parley::kit
