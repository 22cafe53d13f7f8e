#include "kit/isolated_instance.hpp"

#include <charconv>

#include <poll.h>
#include <unistd.h>

#include <parley/ext/followup.h>
#include <parley/ext/metrics.h>
#include <parley/ext/postpone.h>

#include "base/log.hpp"
#include "host/agent_instance.hpp"
#include "host/extension_messages.hpp"
#include "host/host_text.hpp"
#include "kit/isolated_plugin.hpp"

namespace parley::kit {
namespace {

constexpr std::uint32_t start_limit_ms = 10'000;

std::string_view view(parley_str text) {
    return {text.data, text.size};
}

// A worker knows conversations by numbers, as the engine does; a test may name them as it likes.
std::int64_t number_of(std::string_view conversation) {
    std::int64_t number = 0;
    const auto [end, trouble] =
        std::from_chars(conversation.data(), conversation.data() + conversation.size(), number);
    if (trouble == std::errc{} && end == conversation.data() + conversation.size() && number > 0)
        return number;
    return static_cast<std::int64_t>(std::hash<std::string_view>{}(conversation) >> 2U);
}

template <class Table>
const Table* extension(const parley_host& host, const char* id) {
    return static_cast<const Table*>(host.get_extension(host.ctx, id));
}

}  // namespace

void IsolatedInstance::log(std::string_view why) {
    host_.log(host_.ctx, PARLEY_LOG_ERROR, 0, to_parley_str(why), to_parley_str({}));
}

bool IsolatedInstance::begin_process() {
    auto ends = FrameSocket::make_pair();
    auto board = CallbackBoard::create();
    if (!ends || !board) {
        log((ends ? board.error() : ends.error()).message());
        return false;
    }
    auto process = WorkerProcess::start(parts_.worker, parts_.id, ends->second, board->memory());
    if (!process) {
        log(process.error().message());
        return false;
    }
    board_.emplace(std::move(*board));
    socket_.emplace(std::move(ends->first));
    process_.emplace(std::move(*process));
    is_over_ = false;
    return true;
}

parley_status IsolatedInstance::start() {
    if (!begin_process()) return PARLEY_INTERNAL;
    const std::string library = parts_.library.string();
    const WorkerLimits limits;
    LoadMessage message;
    message.agent = parts_.id;
    message.version = parts_.version;
    message.sha256 = parts_.sha256;
    message.library = library;
    message.deployment = "test";
    message.config_json = parts_.config_json;
    message.is_engine_time = true;
    message.log_level = static_cast<std::int32_t>(LogLevel::info);
    message.max_memory = limits.memory;
    message.max_files = limits.files;
    message.start_limit_ms = start_limit_ms;
    send(to_frame(FrameType::load, 0, message));
    for (;;) {
        const Frame frame = next();
        if (frame.type == FrameType::ready) break;
        if (frame.type == FrameType::refused) {
            const auto refused = read_message<RefusedMessage>(frame.payload);
            if (!refused) end("it refused without a reason");
            log(refused->reason);
            return refused->is_config ? PARLEY_CONFIG : PARLEY_INTERNAL;
        }
        take(frame);
    }
    settle();
    return PARLEY_OK;
}

Frame IsolatedInstance::next() {
    for (;;) {
        pollfd ready[2] = {{socket_->fd(), POLLIN, 0}, {has_output_ ? process_->output() : -1, POLLIN, 0}};
        if (::poll(ready, 2, -1) < 0) continue;  // interrupted
        if (ready[1].revents != 0) pass_output();
        if (ready[0].revents == 0) continue;
        Frame frame;
        switch (socket_->receive(frame, FrameSocket::Wait::no)) {
            case FrameSocket::Got::frame:
                return frame;
            case FrameSocket::Got::nothing:
                continue;
            case FrameSocket::Got::malformed:
                end("it sent a packet that is no frame");
            case FrameSocket::Got::closed:
                end("");
        }
    }
}

// To where this process writes, as if the agent ran in it.
void IsolatedInstance::pass_output() {
    char bytes[4096];
    ssize_t size = 0;
    while ((size = ::read(process_->output(), bytes, sizeof bytes)) > 0)
        (void)!::write(STDERR_FILENO, bytes, static_cast<std::size_t>(size));
    has_output_ = size != 0;
}

void IsolatedInstance::end(const char* why) {
    if (*why != '\0') process_->kill();
    is_over_ = true;
    pass_output();
    const auto how = process_->end(true);
    has_ended_well_ = how && how->signal == 0 && how->exit_code == 0;
    throw WorkerEnded("its worker " + (how ? how->text() : std::string("is gone")) +
                      (*why != '\0' ? std::string(": ") + why : ""));
}

void IsolatedInstance::send(const Frame& frame) {
    if (socket_->send(frame, FrameSocket::Wait::yes) != FrameSocket::Sent::done) end("");
}

void IsolatedInstance::settle() {
    const std::uint64_t mine = ++settled_;
    send({FrameType::settle, mine, {}});
    for (Frame frame = next(); frame.type != FrameType::settled || frame.handle != mine; frame = next())
        take(frame);
}

void IsolatedInstance::on_event(const parley_event& event) {
    if (is_over_) return;
    EventMessage m;
    m.kind = static_cast<std::uint8_t>(event.kind);
    m.attempt = event.attempt;
    m.state_schema = event.state_schema;
    m.deadline_ns = event.deadline_ns;
    m.deadline_ms = (event.deadline_ns - host_.now_mono_ns(host_.ctx)) / 1'000'000;
    m.state_revision = event.state_revision;
    m.received_ms = static_cast<std::int64_t>(event.received_unix_ms);
    m.conversation = number_of(view(event.conversation));
    m.wa_id = view(event.sender);
    m.name = view(event.sender_name);
    m.type = view(event.type);
    m.text = view(event.text);
    m.canonical_json = view(event.message_json);
    m.state_json = view(event.state_json);
    m.traceparent = view(event.traceparent);
    open_.insert(event.turn);
    send(to_frame(FrameType::event, event.turn, m));
    settle();
}

void IsolatedInstance::on_result(parley_op op, const parley_result& result) {
    const auto found = operations_.find(op);
    if (is_over_ || found == operations_.end())
        return;  // of a turn that is over: the worker has ended it itself
    const parley_op workers = found->second.workers;
    operations_.erase(found);
    send(to_frame(
        FrameType::result, workers,
        ResultMessage{result.status, result.http_status, view(result.headers_json), view(result.body)}));
    settle();
}

void IsolatedInstance::on_cancel(parley_turn turn, parley_status why) {
    if (is_over_ || open_.erase(turn) == 0) return;
    drop_operations(turn);
    send({FrameType::cancel, turn, why == PARLEY_TIMEOUT ? "the deadline passed" : "cancelled"});
    settle();
}

void IsolatedInstance::destroy() {
    if (is_over_) return;
    try {
        send({FrameType::retire, 0, {}});
        for (;;) take(next());
    } catch (const WorkerEnded&) {
        if (!has_ended_well_) throw;
    }
}

void IsolatedInstance::take(const Frame& frame) {
    switch (frame.type) {
        case FrameType::finish:
            return finish(frame);
        case FrameType::closed:
            return close(frame.handle, PARLEY_INTERNAL, "the worker dropped the turn");
        case FrameType::call:
            return answer(frame);
        case FrameType::cancel_op:
            for (const auto& [op, operation] : operations_)
                if (operation.workers == frame.handle) {
                    operation.cancel(host_.ctx, op);
                    return;
                }
            return;
        case FrameType::log:
        case FrameType::fault:
            return note(frame);
        case FrameType::metrics:
            return change_metrics(frame);
        default:
            return;
    }
}

parley_status IsolatedInstance::stage(parley_turn turn, const FinishMessage& message) {
    parley_status status = PARLEY_OK;
    const auto keep = [&](parley_status said) {
        if (status == PARLEY_OK) status = said;
    };
    for (const std::string_view reply : message.replies)
        keep(host_.reply(host_.ctx, turn, to_parley_str(reply)));
    if (message.has_state) keep(host_.state_put(host_.ctx, turn, to_parley_str(message.state_json)));
    for (const auto& [key, value] : message.annotations)
        keep(host_.annotate(host_.ctx, turn, to_parley_str(key), to_parley_str(value)));
    const auto* followup = extension<parley_followup>(host_, PARLEY_EXT_FOLLOWUP);
    for (const auto& [texts, numbers] : message.followups) {
        if (followup == nullptr)
            keep(PARLEY_UNSUPPORTED);
        else if (numbers.first == 0)
            keep(followup->cancel(host_.ctx, turn, to_parley_str(texts.first)));
        else
            keep(followup->schedule_at(host_.ctx, turn, to_parley_str(texts.first), numbers.first,
                                       numbers.second, to_parley_str(texts.second)));
    }
    if (message.is_postponed) {
        const auto* postpone = extension<parley_postpone>(host_, PARLEY_EXT_POSTPONE);
        keep(postpone == nullptr ? PARLEY_UNSUPPORTED
                                 : postpone->postpone(host_.ctx, turn, message.again_ms));
    }
    return status;
}

void IsolatedInstance::finish(const Frame& frame) {
    const auto message = read_message<FinishMessage>(frame.payload);
    if (!message) end("it sent an end of a turn that cannot be read");
    if (!open_.contains(frame.handle)) return;
    if (!message->ok) return close(frame.handle, PARLEY_INTERNAL, message->error);
    const parley_status staged = stage(frame.handle, *message);
    close(frame.handle, staged,
          staged == PARLEY_OK ? "" : std::string("what the worker sent is ") + to_string_status(staged));
}

void IsolatedInstance::close(parley_turn turn, parley_status status, std::string_view error) {
    if (open_.erase(turn) == 0) return;
    drop_operations(turn);
    host_.finish(host_.ctx, turn, status, to_parley_str(error));
}

void IsolatedInstance::drop_operations(parley_turn turn) {
    std::erase_if(operations_, [turn](const auto& one) { return one.second.turn == turn; });
}

void IsolatedInstance::note(const Frame& frame) {
    const auto message = read_message<LogMessage>(frame.payload);
    if (!message) end("it sent a line of log that cannot be read");
    if (frame.type == FrameType::fault)
        parts_.faults->push_back(std::string(message->fields_json) +
                                 " threw an exception: " + std::string(message->text));
    else
        host_.log(host_.ctx, message->level, frame.handle, to_parley_str(message->text),
                  to_parley_str(message->fields_json));
}

void IsolatedInstance::change_metrics(const Frame& frame) {
    const auto message = read_message<MetricsMessage>(frame.payload);
    const auto* metrics = extension<parley_metrics>(host_, PARLEY_EXT_METRICS);
    if (!message || metrics == nullptr) end("it sent metrics that cannot be read");
    for (const auto& [metric, value] : message->added) metrics->add(host_.ctx, metric, value);
    for (const auto& [metric, value] : message->set) metrics->set(host_.ctx, metric, value);
    for (const auto& [metric, value] : message->observed) metrics->observe(host_.ctx, metric, value);
}

}  // namespace parley::kit
