#include "host/worker/worker_agent.hpp"

#include <cstdio>

#include <unistd.h>

#include "base/log.hpp"
#include "host/extension_messages.hpp"
#include "host/host_followup.hpp"

namespace parley {
namespace {

constexpr unsigned quick_threads = 2;
constexpr unsigned blocking_threads = 8;
constexpr int broken_protocol = 4;  // exit code

[[noreturn]] void leave_broken() {
    ::_exit(broken_protocol);
}

template <class Message>
Message read_or_leave(const Frame& frame) {
    const auto message = read_message<Message>(frame.payload);
    if (!message) leave_broken();
    return *message;
}

// Operations are the engine's: nothing in this process calls it.
class NoHttp final : public HttpClient {
  public:
    HttpCallId start(HttpCall, Completion<HttpOutcome> done) override {
        done({std::nullopt, {HttpFailure::Kind::not_sent, false, "not in this process"}});
        return 0;
    }
    void cancel(HttpCallId) override {}
};

void end_process() {
    std::fflush(nullptr);
    ::_exit(0);
}

}  // namespace

void WorkerAgent::load(const Frame& frame) {
    std::thread([this, kept = frame] {
        const LoadMessage load = read_or_leave<LoadMessage>(kept);
        const auto started = start(load);
        if (!started) {
            const bool is_config = started.error().code() == Errc::invalid_input;
            return engine_.send(
                to_frame(FrameType::refused, 0, RefusedMessage{is_config, started.error().message()}));
        }
        ReadyMessage ready;
        ready.agent = load.agent;
        ready.version = *started;
        ready.sha256 = load.sha256;
        is_ready_.store(true);
        engine_.send(to_frame(FrameType::ready, 0, ready));
    }).detach();
}

Result<std::string> WorkerAgent::start(const LoadMessage& load) {
    if (load.protocol != worker_protocol || load.abi_major != PARLEY_ABI_MAJOR)
        return Error{Errc::fault, "parley-worker is of another version than parley: install both together"};
    auto library = PluginLibrary::open_staged(std::string(load.library), std::string(load.sha256));
    if (!library) return library.error();
    const PluginManifest manifest = (*library)->manifest();
    if (manifest.id != load.agent) return Error{Errc::fault, "the library holds another agent"};
    name_ = load.deployment;
    no_http_ = std::make_unique<NoHttp>();
    pool_ = std::make_unique<ExecutorPool>(manifest.is_blocking ? blocking_threads : quick_threads,
                                           system_clock_);
    const Clock& clock = load.is_engine_time ? static_cast<const Clock&>(engine_clock_) : system_clock_;
    Random& random = load.is_engine_time ? static_cast<Random&>(engine_random_) : system_random_;
    auto made =
        PluginAgent::create({std::move(*library),
                             DeploymentId(name_),
                             std::string(load.config_json),
                             {},
                             HostPorts{*no_http_, no_timers_, clock, random, metrics_, nullptr, &engine_},
                             *pool_,
                             &blame_,
                             [] { end_process(); }});
    if (!made) return made.error();
    agent_ = std::move(*made);
    // `invalid_input` would say that the configuration is at fault.
    if (const auto begun = agent_->start(Millis{load.start_limit_ms}); !begun)
        return Error{Errc::fault, begun.error().message()};
    return manifest.version;
}

void WorkerAgent::take(const Frame& frame) {
    if (frame.type == FrameType::answer)
        return engine_.answered(frame.handle, read_or_leave<AnswerMessage>(frame));
    if (frame.type == FrameType::ping) return engine_.send({FrameType::pong, frame.handle, {}});
    if (!is_ready_.load()) {
        if (frame.type == FrameType::retire) end_process();
        leave_broken();
    }
    switch (frame.type) {
        case FrameType::event:
            return begin(frame.handle, read_or_leave<EventMessage>(frame));
        case FrameType::cancel:
            return cancel(frame.handle, frame.payload);
        case FrameType::result: {
            const auto result = read_or_leave<ResultMessage>(frame);
            agent_->complete(frame.handle, {result.status, result.http_status,
                                            std::string(result.headers_json), std::string(result.body)});
            return;
        }
        case FrameType::ask: {
            const auto asked = read_or_leave<AskMessage>(frame);
            return agent_->ask(
                static_cast<AgentQuestion>(asked.question), std::string(asked.version),
                std::string(asked.memory), [this, question = frame.handle](AgentAnswer answer) {
                    engine_.send(to_frame(FrameType::told, question,
                                          ToldMessage{answer.status, answer.level, answer.text}));
                });
        }
        case FrameType::settle:
            return agent_->when_settled([this, handle = frame.handle] {
                engine_.send({FrameType::settled, handle, {}});
            });
        case FrameType::retire:
            return agent_->retire();
        default:
            leave_broken();
    }
}

DeploymentPtr WorkerAgent::deployment(std::uint64_t deadline_ms) {
    const Millis deadline{static_cast<std::int64_t>(deadline_ms)};
    if (!deployment_ || deployment_->deadline != deadline) {
        auto next = std::make_shared<Deployment>();
        next->id = DeploymentId(name_);
        next->deadline = deadline;
        deployment_ = std::move(next);
    }
    return deployment_;
}

void WorkerAgent::begin(std::uint64_t handle, const EventMessage& m) {
    TurnEvent event;
    event.deployment = deployment(m.deadline_ms);
    event.conversation = ConversationId{m.conversation};
    event.seq = ItemSeq{static_cast<std::int64_t>(handle)};  // how the engine knows this turn
    event.message.kind = static_cast<EventKind>(m.kind);
    event.message.from = {std::string(m.wa_id), std::string(m.user_id), {}, std::string(m.name)};
    event.message.type = m.type;
    event.message.text = m.text;
    event.canonical_json = m.canonical_json;
    event.state = {std::string(m.state_json),
                   m.state_revision,
                   m.state_schema,
                   {m.followups.begin(), m.followups.end()}};
    event.received_at = from_unix_ms(m.received_ms);
    event.deadline = MonoTime{std::chrono::nanoseconds(m.deadline_ns)};
    event.attempt = m.attempt;
    if (const auto parent = parse_traceparent(m.traceparent)) {
        event.trace_id = parent->trace;
        event.span = parent->span;
    }

    const auto is_finished = std::make_shared<bool>(false);
    TurnPtr turn(new Turn(std::move(event),
                          [this, handle, is_finished](TurnResult result) {
                              *is_finished = true;
                              finish(handle, std::move(result));
                          }),
                 [this, handle, is_finished](Turn* gone) {
                     delete gone;
                     forget(handle);
                     if (!*is_finished) engine_.send({FrameType::closed, handle, {}});
                 });
    {
        const std::lock_guard lock(mutex_);
        turns_[handle] = turn;
    }
    agent_->deliver(std::move(turn));
}

void WorkerAgent::cancel(std::uint64_t handle, std::string_view why) {
    TurnPtr turn;
    {
        const std::lock_guard lock(mutex_);
        const auto found = turns_.find(handle);
        if (found != turns_.end()) turn = found->second.lock();
    }
    if (!turn || !turn->revoke()) return;  // its end is on the way
    agent_->cancel(turn, why);
}

void WorkerAgent::finish(std::uint64_t handle, TurnResult result) {
    FinishMessage message;
    message.ok = result.ok;
    message.has_state = result.has_state;
    message.is_postponed = result.again_in.has_value();
    message.again_ms = static_cast<std::uint32_t>(result.again_in.value_or(Millis{0}).count());
    message.error = result.error;
    message.state_json = result.state_json;
    message.replies = {result.replies.begin(), result.replies.end()};
    message.annotations = {result.annotations.begin(), result.annotations.end()};
    for (const FollowupOrder& order : result.followups) {
        std::uint32_t flags = 0;
        if (order.unless_written) flags |= PARLEY_FOLLOWUP_UNLESS_WRITTEN;
        if (order.in_window) flags |= PARLEY_FOLLOWUP_IN_WINDOW;
        message.followups.push_back(
            {{order.key, order.payload_json}, {order.is_cancelled ? 0 : unix_ms(order.due), flags}});
    }
    engine_.send_metrics();
    engine_.send(to_frame(FrameType::finish, handle, message));
}

void WorkerAgent::forget(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    turns_.erase(handle);
}

}  // namespace parley
