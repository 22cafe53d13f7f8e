// What a worker says, judged: every frame is read within its bounds, every handle looked up.
#include "base/log.hpp"
#include "host/extension_messages.hpp"
#include "host/host_followup.hpp"
#include "host/host_postpone.hpp"
#include "host/host_text.hpp"
#include "host/isolated_counters.hpp"
#include "host/remote_functions.hpp"
#include "host/worker_messages.hpp"

namespace parley {
namespace {

constexpr std::size_t max_reason = 1024;

}  // namespace

void IsolatedAgent::on_frame(const Frame& frame) {
    switch (frame.type) {
        case FrameType::ready:
            return on_ready(frame);
        case FrameType::refused:
            return on_refused(frame);
        case FrameType::finish:
            return on_finish(frame);
        case FrameType::closed:
            return on_closed(frame);
        case FrameType::call:
            return on_call(frame);
        case FrameType::cancel_op:
            if (const parley_op op = names_.of(frame.handle); op != 0) services_.operations()->cancel(op);
            return;
        case FrameType::log:
        case FrameType::fault:
        case FrameType::slow:
            return on_log(frame);
        case FrameType::metrics:
            return on_metrics(frame);
        case FrameType::told:
            return on_told(frame);
        default:
            return broke_protocol("it sent a frame that no worker sends");
    }
}

void IsolatedAgent::broke_protocol(const char* what) {
    services_.misbehaved(what);
    std::shared_ptr<WorkerSession> session;
    {
        const std::lock_guard lock(mutex_);
        session = session_;
    }
    if (session) session->kill(what);
}

void IsolatedAgent::on_ready(const Frame& frame) {
    const auto ready = read_message<ReadyMessage>(frame.payload);
    if (!ready || ready->protocol != worker_protocol || ready->abi_major != PARLEY_ABI_MAJOR ||
        ready->agent != parts_.info.manifest.id || ready->sha256 != parts_.sha256)
        return broke_protocol("its handshake is not that of the agent it was to load");
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(is_ready_, true)) return;
        session_->mark_ready();
        if (!std::exchange(has_started_once_, true) && !retiring_) first_start_.set_value({});
        send_waiting();
    }
    counters_->up.add(1);
    counters_->breaker.set(0);
    log_info("worker ready", {{"deployment", parts_.deployment.str()},
                              {"agent", parts_.info.manifest.id},
                              {"pid", session_->pid()}});
}

void IsolatedAgent::on_refused(const Frame& frame) {
    const auto refused = read_message<RefusedMessage>(frame.payload);
    if (!refused) return broke_protocol("it refused without a reason");
    const std::string reason = one_line(refused->reason, max_reason);
    std::shared_ptr<WorkerSession> session;
    {
        const std::lock_guard lock(mutex_);
        session = session_;
        if (!has_started_once_ && !std::exchange(retiring_, true))
            first_start_.set_value(Error{refused->is_config ? Errc::invalid_input : Errc::fault, reason});
    }
    session->kill("the agent does not start: " + reason);
}

parley_status IsolatedAgent::stage(std::uint64_t handle, const FinishMessage& message) {
    const parley_host& host = *services_.table();
    parley_status status = PARLEY_OK;
    const auto keep = [&](parley_status said) {
        if (status == PARLEY_OK) status = said;
    };
    for (const std::string_view reply : message.replies)
        keep(host.reply(host.ctx, handle, to_parley_str(reply)));
    if (message.has_state) keep(host.state_put(host.ctx, handle, to_parley_str(message.state_json)));
    for (const auto& [key, value] : message.annotations)
        keep(host.annotate(host.ctx, handle, to_parley_str(key), to_parley_str(value)));
    for (const auto& [texts, numbers] : message.followups)
        keep(numbers.first == 0 ? host_followup_table.cancel(host.ctx, handle, to_parley_str(texts.first))
                                : host_followup_table.schedule_at(
                                      host.ctx, handle, to_parley_str(texts.first), numbers.first,
                                      numbers.second, to_parley_str(texts.second)));
    if (message.is_postponed) keep(host_postpone_table.postpone(host.ctx, handle, message.again_ms));
    return status;
}

void IsolatedAgent::on_finish(const Frame& frame) {
    const auto message = read_message<FinishMessage>(frame.payload);
    if (!message) return broke_protocol("it sent an end of a turn that cannot be read");
    names_.drop_turn(frame.handle);  // the worker has ended its operations itself
    forget_turn(frame.handle);
    {
        const std::lock_guard lock(mutex_);
        supervision_.answered();
    }
    const TurnTable::State state = services_.turns().find(frame.handle).state;
    if (state == TurnTable::State::open && message->ok) {
        if (const parley_status staged = stage(frame.handle, *message); staged != PARLEY_OK) {
            services_.misbehaved(
                "its worker sent a reply, state, annotation or follow-up that its host should have refused");
            services_.fail(frame.handle, std::string("what the worker sent is ") + to_string_status(staged));
        }
    }
    if (state != TurnTable::State::revoked)
        services_.finish(frame.handle, message->ok ? PARLEY_OK : PARLEY_INTERNAL, message->error);
    services_.turns().close(frame.handle);
    const std::lock_guard lock(mutex_);
    send_waiting();
    retire_if_idle();
}

void IsolatedAgent::on_closed(const Frame& frame) {
    forget_turn(frame.handle);
    const TurnTable::State state = services_.turns().find(frame.handle).state;
    if (state == TurnTable::State::unknown) services_.misbehaved("its worker ended a turn it does not have");
    if (state == TurnTable::State::open) services_.fail(frame.handle, "the worker dropped the turn");
    services_.turns().close(frame.handle);
    const std::lock_guard lock(mutex_);
    send_waiting();
    retire_if_idle();
}

void IsolatedAgent::forget_turn(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    if (sent_.erase(handle) != 0) runs_solo_ = false;
}

void IsolatedAgent::on_call(const Frame& frame) {
    const auto message = read_message<CallMessage>(frame.payload);
    if (!message) return broke_protocol("it sent a call that cannot be read");
    RemoteAnswer answer{PARLEY_INVALID, {}};
    std::optional<OperationResult> early;
    if (message->op != 0 && names_.of(message->op) != 0) {
        services_.misbehaved("its worker used the number of an operation twice");
    } else {
        parley_op op = 0;
        names_.begin_call();
        answer = perform(services_,
                         {static_cast<RemoteFunction>(message->function), message->turn, message->op,
                          message->texts, message->numbers},
                         op);
        early = names_.end_call(op, message->turn, message->op);
    }
    send(to_frame(FrameType::answer, frame.handle, AnswerMessage{answer.status, answer.data}));
    if (early)
        send(to_frame(FrameType::result, message->op,
                      ResultMessage{early->status, early->http_status, early->headers_json, early->body}));
}

// On whatever thread completed it.
void IsolatedAgent::on_result(parley_op op, OperationResult result) {
    const auto workers = names_.completed(op, result);
    if (workers)
        send(to_frame(FrameType::result, *workers,
                      ResultMessage{result.status, result.http_status, result.headers_json, result.body}));
    services_.operations()->closed(op);
}

void IsolatedAgent::on_log(const Frame& frame) {
    const auto message = read_message<LogMessage>(frame.payload);
    if (!message) return broke_protocol("it sent a line of log that cannot be read");
    if (frame.type == FrameType::log && message->level == PARLEY_LOG_PLUGIN_MISBEHAVING)
        return services_.misbehaved(message->text);
    if (frame.type == FrameType::log) {
        const parley_host& host = *services_.table();
        return host.log(host.ctx, message->level, frame.handle, to_parley_str(message->text),
                        to_parley_str(message->fields_json));
    }
    if (frame.type == FrameType::fault) {
        counters_->faults.add();
        return services_.refused("agent threw an exception", one_line(message->fields_json, max_reason) +
                                                                 ": " + one_line(message->text, max_reason));
    }
    counters_->slow.add();
    services_.refused("agent is slow", "a callback took " + std::to_string(message->level) +
                                           " ms: declare the feature \"blocking\", or wait through the host");
}

void IsolatedAgent::on_metrics(const Frame& frame) {
    const auto message = read_message<MetricsMessage>(frame.payload);
    if (!message) return broke_protocol("it sent metrics that cannot be read");
    bool all_known = true;
    const auto apply = [&](const auto& changes, MetricChange change) {
        for (const auto& [metric, value] : changes)
            all_known = services_.metrics().change(metric, change, value) && all_known;
    };
    apply(message->added, MetricChange::add);
    apply(message->set, MetricChange::set);
    apply(message->observed, MetricChange::observe);
    if (!all_known) services_.misbehaved("its worker changed a metric that it has not defined");
}

void IsolatedAgent::ask(AgentQuestion question, std::string version, std::string memory, Answered answered) {
    {
        const std::lock_guard lock(mutex_);
        if (session_ && is_ready_) {
            asked_.emplace(++last_question_, std::move(answered));
            return session_->send(to_frame(FrameType::ask, last_question_,
                                           AskMessage{static_cast<std::uint8_t>(question), version, memory}));
        }
    }
    answered({PARLEY_CANCELLED, 0, "its process does not run"});
}

void IsolatedAgent::on_told(const Frame& frame) {
    const auto message = read_message<ToldMessage>(frame.payload);
    if (!message || message->text.size() > max_memory)
        return broke_protocol("it sent an answer that cannot be read");
    Answered answered;
    {
        const std::lock_guard lock(mutex_);
        const auto found = asked_.find(frame.handle);
        if (found != asked_.end()) {
            answered = std::move(found->second);
            asked_.erase(found);
        }
    }
    if (!answered) return services_.misbehaved("its worker answered what nobody asked");
    answered({message->status, message->level, std::string(message->text)});
}

void IsolatedAgent::on_output(const std::string& line) {
    log_info("agent output",
             {{"deployment", parts_.deployment.str()}, {"agent", parts_.info.manifest.id}, {"line", line}});
}

}  // namespace parley
