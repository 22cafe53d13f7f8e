#include "host/worker/engine_connection.hpp"

#include <algorithm>
#include <cstring>
#include <thread>

#include <unistd.h>

namespace parley {
namespace {

constexpr int lost_engine = 3;  // exit code
constexpr std::chrono::seconds report_every{1};
constexpr std::size_t random_at_once = 4096;

[[noreturn]] void leave() {
    ::_exit(lost_engine);
}

std::uint64_t ask_number(EngineLink& engine, RemoteFunction function) {
    std::uint64_t number = 0;
    const RemoteAnswer answer = engine.call({function, 0, 0, {}, {}});
    if (answer.data.size() == sizeof number) std::memcpy(&number, answer.data.data(), sizeof number);
    return number;
}

}  // namespace

void EngineConnection::send(const Frame& frame) {
    if (frame.payload.size() > max_payload ||
        socket_.send(frame, FrameSocket::Wait::yes) != FrameSocket::Sent::done)
        leave();
}

Frame EngineConnection::receive() {
    Frame frame;
    if (socket_.receive(frame, FrameSocket::Wait::yes) != FrameSocket::Got::frame) leave();
    return frame;
}

RemoteAnswer EngineConnection::call(const RemoteCall& call) {
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = next_call_++;
        calls_[id];
    }
    send(to_frame(FrameType::call, id,
                  CallMessage{static_cast<std::uint16_t>(call.function), call.turn, call.op, call.texts,
                              call.numbers}));
    std::unique_lock lock(mutex_);
    const auto mine = calls_.find(id);
    changed_.wait(lock, [&] { return mine->second.has_value(); });
    RemoteAnswer answer = std::move(*mine->second);
    calls_.erase(mine);
    return answer;
}

void EngineConnection::answered(std::uint64_t id, const AnswerMessage& answer) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = calls_.find(id);
        if (found == calls_.end()) return;
        found->second = RemoteAnswer{answer.status, std::string(answer.data)};
    }
    changed_.notify_all();
}

void EngineConnection::cancel(parley_op op) {
    send({FrameType::cancel_op, op, {}});
}

void EngineConnection::log(std::int32_t level, std::uint64_t turn, std::string_view message,
                           std::string_view fields_json) {
    send(to_frame(FrameType::log, turn, LogMessage{level, message, fields_json}));
}

void EngineConnection::threw(std::string_view callback, std::string_view what) {
    send(to_frame(FrameType::fault, 0, LogMessage{0, what, callback}));
}

void EngineConnection::was_slow(Millis took) {
    const auto ms = static_cast<std::int32_t>(std::min<std::int64_t>(took.count(), 1'000'000'000));
    send(to_frame(FrameType::slow, 0, LogMessage{ms, {}, {}}));
}

void EngineConnection::change_metric(std::uint64_t metric, MetricChange change, double value) {
    std::call_once(reporting_, [this] {
        std::thread([this] {
            for (;; std::this_thread::sleep_for(report_every)) send_metrics();
        }).detach();
    });
    bool is_full = false;
    {
        const std::lock_guard lock(metrics_mutex_);
        metrics_.change(metric, change, value);
        is_full = metrics_.is_full();
    }
    if (is_full) send_metrics();
}

// Under the lock until it is sent: what was changed first arrives first.
void EngineConnection::send_metrics() {
    const std::lock_guard lock(metrics_mutex_);
    if (const auto changed = metrics_.take()) send(to_frame(FrameType::metrics, 0, *changed));
}

WallTime EngineClock::wall() const {
    return from_unix_ms(static_cast<std::int64_t>(ask_number(engine_, RemoteFunction::now_unix_ms)));
}

MonoTime EngineClock::mono() const {
    return MonoTime{std::chrono::nanoseconds(ask_number(engine_, RemoteFunction::now_mono_ns))};
}

void EngineRandom::fill(std::span<unsigned char> out) {
    while (!out.empty()) {
        const std::size_t part = std::min(out.size(), random_at_once);
        const RemoteAnswer answer = engine_.call({RemoteFunction::random, 0, 0, {}, {part}});
        if (answer.data.size() != part) leave();
        std::copy(answer.data.begin(), answer.data.end(), out.begin());
        out = out.subspan(part);
    }
}

}  // namespace parley
