#include "host/isolated_agent.hpp"

#include <algorithm>
#include <thread>
#include <unordered_set>

#include "core/message_log.hpp"
#include "host/isolated_counters.hpp"
#include "host/worker_messages.hpp"

namespace parley {
namespace {

constexpr Millis stall_of_quick_agents{5'000};
constexpr Millis patience_beyond_the_limit{5'000};
constexpr const char* given_up =
    "the agent's process crashed too often: turns fail until it has run again for a while";

EventMessage to_message(const Turn& turn, std::string_view traceparent) {
    const TurnEvent& event = turn.event();
    EventMessage m;
    m.kind = static_cast<std::uint8_t>(event.message.kind);
    m.attempt = event.attempt;
    m.state_schema = event.state.schema;
    m.deadline_ns = to_mono_ns(turn.deadline());
    m.deadline_ms = static_cast<std::uint64_t>(event.deployment->deadline.count());
    m.state_revision = event.state.revision;
    m.received_ms = unix_ms(event.received_at);
    m.conversation = to_int(event.conversation);
    m.wa_id = event.message.from.wa_id;
    m.user_id = event.message.from.user_id;
    m.name = event.message.from.name;
    m.type = event.message.type;
    m.text = event.message.text;
    m.canonical_json = event.canonical_json;
    m.state_json = event.state.json;
    m.traceparent = traceparent;
    m.followups = {event.state.followups.begin(), event.state.followups.end()};
    return m;
}

}  // namespace

IsolatedAgent::IsolatedAgent(Parts parts)
    : parts_(std::move(parts)),
      services_(
          identity_of(parts_.deployment, parts_.info.manifest), parts_.policy, parts_.ports,
          [this](parley_op op, const OperationOwner&, OperationResult result) {
              on_result(op, std::move(result));
          },
          [] {}),
      counters_(std::make_unique<Counters>(parts_.ports.metrics, parts_.deployment)),
      supervision_(parts_.supervision) {}

IsolatedAgent::~IsolatedAgent() {
    for (const auto& [handle, sent] : sent_) services_.operations()->cancel_turn(handle);
    // A completion may be on its way through on_result().
    while (services_.operations()->size() != 0) std::this_thread::yield();
}

Result<> IsolatedAgent::start() {
    std::future<Result<>> started = first_start_.get_future();
    parts_.loop.post([self = shared_from_this()] { self->start_session(); });
    Result<> outcome = Error{Errc::unavailable, "its worker was not ready in time"};
    if (started.wait_for(parts_.session.start_limit + patience_beyond_the_limit) == std::future_status::ready)
        outcome = started.get();
    else
        retire();
    if (!outcome) return outcome.error().within("agent " + info().manifest.id);
    return {};
}

void IsolatedAgent::start_session() {
    {
        const std::lock_guard lock(mutex_);
        if (destroyed_ || session_ || told_to_retire_) return;
    }
    auto session = WorkerSession::start(parts_.session, parts_.loop, parts_.ports.clock,
                                        std::weak_ptr<WorkerSession::Owner>(weak_from_this()));
    if (!session) return ended_before_start(session.error());
    {
        const std::lock_guard lock(mutex_);
        session_ = *session;
        is_ready_ = false;
        supervision_.started(parts_.ports.clock.mono());
        if (has_started_once_) {
            ++restarts_;
            counters_->restarts.add();
        }
    }
    load();
}

void IsolatedAgent::load() {
    LoadMessage message;
    const std::string library = parts_.staged.string();
    message.agent = parts_.info.manifest.id;
    message.version = parts_.info.manifest.version;
    message.sha256 = parts_.sha256;
    message.library = library;
    message.deployment = parts_.deployment.str();
    message.config_json = parts_.config_json;
    message.is_engine_time = parts_.is_engine_time;
    auto level = LogLevel::debug;
    while (level != LogLevel::off && !log_enabled(level))
        level = static_cast<LogLevel>(static_cast<int>(level) + 1);
    message.log_level = static_cast<std::int32_t>(level);
    message.max_memory = parts_.limits.memory;
    message.max_files = parts_.limits.files;
    message.start_limit_ms = static_cast<std::uint32_t>(parts_.session.start_limit.count());
    send(to_frame(FrameType::load, 0, message));
}

// The process could not even be made.
void IsolatedAgent::ended_before_start(const Error& error) {
    log_error("worker not started", {{"deployment", parts_.deployment.str()}, {"reason", error.message()}});
    Millis delay{};
    Lost lost;
    {
        const std::lock_guard lock(mutex_);
        last_end_ = error.message();
        if (!has_started_once_) {
            retiring_ = true;
            first_start_.set_value(error);
        }
        if (!retiring_) delay = plan_restart(parts_.ports.clock.mono(), lost);
    }
    settle(std::move(lost));
    delay.count() > 0 ? start_later(delay) : be_destroyed();
}

void IsolatedAgent::deliver(TurnPtr turn) {
    const std::lock_guard lock(mutex_);
    if (retiring_) {
        log_about(LogLevel::warning, "turn for a stopped agent", turn->event());
        return;
    }
    if (!admits(parts_.ports.clock.mono())) return refuse_later(std::move(turn), given_up);
    (turn->event().attempt > 0 ? solo_ : waiting_).push_back(std::move(turn));
    send_waiting();
}

bool IsolatedAgent::admits(MonoTime now) {
    switch (supervision_.breaker(now)) {
        case WorkerSupervision::Breaker::closed:
            return true;
        case WorkerSupervision::Breaker::open:
            return false;
        case WorkerSupervision::Breaker::probing:
            return sent_.empty() && waiting_.empty() && solo_.empty();
    }
    return false;
}

void IsolatedAgent::send_waiting() {
    while (is_ready_ && session_ && !runs_solo_) {
        const bool is_solo = !solo_.empty();
        if (is_solo ? !sent_.empty() : waiting_.empty() || sent_.size() >= parts_.limits.turns) return;
        std::deque<TurnPtr>& from = is_solo ? solo_ : waiting_;
        TurnPtr turn = std::move(from.front());
        from.pop_front();
        if (!turn->is_open()) continue;  // taken away before it was delivered
        runs_solo_ = is_solo;
        send_turn(std::move(turn));
    }
}

void IsolatedAgent::send_turn(TurnPtr turn) {
    const std::uint64_t handle = services_.turns().open(turn, 0);
    const std::string traceparent = to_traceparent(turn->event().trace_id, turn->event().span);
    Frame frame = to_frame(FrameType::event, handle, to_message(*turn, traceparent));
    if (frame.payload.size() > max_payload) {
        services_.turns().close(handle);
        runs_solo_ = false;
        return refuse_later(std::move(turn), "the message is too large for a worker");
    }
    sent_.emplace(handle, Sent{std::move(turn), next_order_++});
    session_->send(std::move(frame));
}

void IsolatedAgent::refuse_later(TurnPtr turn, const char* why) {
    // Not on this thread: the caller may hold locks that finishing needs.
    parts_.loop.post([kept = std::move(turn), why] { kept->finish(false, why); });
}

void IsolatedAgent::cancel(const TurnPtr& turn, std::string_view why) {
    const auto revoked = services_.turns().revoke(turn.get());
    {
        const std::lock_guard lock(mutex_);
        if (!revoked) {
            std::erase(waiting_, turn);
            std::erase(solo_, turn);
        } else if (session_) {
            session_->send({FrameType::cancel, revoked->handle, std::string(why)});
        }
        retire_if_idle();
    }
    if (!revoked) return;
    names_.drop_turn(revoked->handle);  // the worker ends its operations itself
    services_.operations()->cancel_turn(revoked->handle);
}

void IsolatedAgent::retire() {
    const std::lock_guard lock(mutex_);
    retiring_ = true;
    retire_if_idle();
}

void IsolatedAgent::retire_if_idle() {
    const bool is_idle = sent_.empty() && waiting_.empty() && solo_.empty();
    if (!retiring_ || told_to_retire_ || destroyed_ || !(is_idle || abandoned_)) return;
    told_to_retire_ = true;
    parts_.loop.post([self = shared_from_this()] {
        std::shared_ptr<WorkerSession> session;
        {
            const std::lock_guard lock(self->mutex_);
            session = self->session_;
        }
        session ? session->retire() : self->be_destroyed();
    });
}

void IsolatedAgent::abandon_turns(parley_status) {
    const auto revoked = services_.turns().revoke_all();
    for (const TurnTable::Revoked& one : revoked) {
        send({FrameType::cancel, one.handle, "shutdown"});
        names_.drop_turn(one.handle);
        services_.operations()->cancel_turn(one.handle);
    }
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    solo_.clear();
    abandoned_ = true;
    retire_if_idle();
}

void IsolatedAgent::be_destroyed() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(destroyed_, true)) return;
    }
    if (parts_.on_destroyed) parts_.on_destroyed();
}

void IsolatedAgent::step(MonoTime now) {
    std::shared_ptr<WorkerSession> session;
    bool has_turns = false;
    {
        const std::lock_guard lock(mutex_);
        session = session_;
        has_turns = !sent_.empty();
    }
    if (!session) return;
    parts_.loop.post([session, now, has_turns] { session->step(now, has_turns); });
}

void IsolatedAgent::kill() {
    std::shared_ptr<WorkerSession> session;  // its process is reaped without the lock
    const std::lock_guard lock(mutex_);
    session.swap(session_);
    retiring_ = destroyed_ = true;
}

Millis IsolatedAgent::stall_limit(std::uint64_t turn) {
    const std::lock_guard lock(mutex_);
    const auto found = sent_.find(turn);
    if (!parts_.info.manifest.is_blocking || found == sent_.end()) return stall_of_quick_agents;
    return found->second.turn->event().deployment->deadline;
}

std::optional<WorkerStatus> IsolatedAgent::worker() const {
    const std::lock_guard lock(mutex_);
    WorkerStatus status{session_ ? session_->pid() : 0, restarts_, "running", last_end_};
    WorkerSupervision supervision = supervision_;
    const auto breaker = supervision.breaker(parts_.ports.clock.mono());
    if (retiring_)
        status.state = "ending";
    else if (breaker != WorkerSupervision::Breaker::closed)
        status.state = breaker == WorkerSupervision::Breaker::open ? "open" : "probing";
    else if (!session_)
        status.state = "waiting";
    else if (!is_ready_)
        status.state = "starting";
    return status;
}

void IsolatedAgent::send(Frame frame) {
    const std::lock_guard lock(mutex_);
    if (session_) session_->send(std::move(frame));
}

void IsolatedAgent::start_later(Millis delay) {
    parts_.ports.timers.add(parts_.ports.clock.mono() + delay, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self) self->parts_.loop.post([self] { self->start_session(); });
    });
}

void IsolatedAgent::on_end(const WorkerEnd& end, const std::string& why) {
    const MonoTime now = parts_.ports.clock.mono();
    const std::string text = end.text() + (why.empty() ? "" : ": " + why);
    bool is_expected = false;
    bool is_ending = false;
    Millis delay{};
    Lost lost;
    std::unordered_map<std::uint64_t, Answered> unanswered;
    {
        const std::lock_guard lock(mutex_);
        unanswered.swap(asked_);
        const auto running = session_->running();
        is_expected = told_to_retire_ && end.signal == 0 && end.exit_code == 0;
        if (!has_started_once_ && !std::exchange(retiring_, true))
            first_start_.set_value(Error{Errc::fault, "its worker " + text + " while it started"});
        is_ending = retiring_;
        if (is_ready_) counters_->up.add(-1);
        last_end_ = text;
        lost = take_lost(running, is_ending);
        session_ = nullptr;
        is_ready_ = runs_solo_ = false;
        if (!is_ending) delay = plan_restart(now, lost);
    }
    if (!is_expected)
        log_error("worker ended", {{"deployment", parts_.deployment.str()},
                                   {"agent", parts_.info.manifest.id},
                                   {"reason", text},
                                   {"turns_blamed", lost.crashed.size()},
                                   {"restart_ms", delay.count()}});
    settle(std::move(lost));
    for (auto& [question, answered] : unanswered) answered({PARLEY_CANCELLED, 0, "its process has ended"});
    is_ending ? be_destroyed() : start_later(delay);
}

IsolatedAgent::Lost IsolatedAgent::take_lost(const std::vector<CallbackBoard::Running>& running,
                                             bool is_ending) {
    const bool any_marked =
        std::any_of(running.begin(), running.end(), [](const auto& r) { return r.has_crashed; });
    std::unordered_set<std::uint64_t> blamed;
    for (const CallbackBoard::Running& one : running)
        if (one.has_crashed || !any_marked) blamed.insert(one.turn);
    std::vector<std::pair<std::uint64_t, Sent>> in_order(sent_.begin(), sent_.end());
    sent_.clear();
    std::sort(in_order.begin(), in_order.end(),
              [](const auto& a, const auto& b) { return a.second.order > b.second.order; });
    Lost lost;
    for (auto& [handle, sent] : in_order) {
        lost.handles.push_back(handle);
        if (abandoned_ || !sent.turn->is_open()) continue;
        // With no callback running, a thread of the agent's own may have worked for any of them.
        if (blamed.empty() || blamed.contains(handle))
            lost.crashed.push_back(std::move(sent.turn));
        else if (is_ending)
            lost.given_back.push_back(std::move(sent.turn));
        else
            (sent.turn->event().attempt > 0 ? solo_ : waiting_).push_front(std::move(sent.turn));
    }
    std::reverse(lost.crashed.begin(), lost.crashed.end());
    if (!is_ending) return lost;
    for (auto* queue : {&solo_, &waiting_}) {
        if (!abandoned_) lost.given_back.insert(lost.given_back.end(), queue->begin(), queue->end());
        queue->clear();
    }
    return lost;
}

Millis IsolatedAgent::plan_restart(MonoTime now, Lost& lost) {
    const Millis delay = supervision_.crashed(now, parts_.ports.random);
    const bool is_open = supervision_.breaker(now) == WorkerSupervision::Breaker::open;
    counters_->breaker.set(is_open ? 1 : 0);
    if (!is_open) return delay;
    for (auto* queue : {&solo_, &waiting_}) {
        lost.refused.insert(lost.refused.end(), queue->begin(), queue->end());
        queue->clear();
    }
    return delay;
}

// Without a lock: the core begins these turns again, maybe with this very agent.
void IsolatedAgent::settle(Lost lost) {
    names_.clear();
    for (const std::uint64_t handle : lost.handles) {
        services_.turns().close(handle);
        services_.operations()->cancel_turn(handle);
    }
    for (const TurnPtr& turn : lost.refused) turn->finish(false, given_up);
    for (const TurnPtr& turn : lost.crashed) turn->give_back(true);
    for (const TurnPtr& turn : lost.given_back) turn->give_back(false);
}

}  // namespace parley
