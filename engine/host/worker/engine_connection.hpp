// The worker's line to the engine: sends frames, and waits for the answers to calls.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include "base/random.hpp"
#include "host/engine_link.hpp"
#include "host/frame_socket.hpp"
#include "host/worker/pending_metrics.hpp"

namespace parley {

// A worker without its engine has nothing to do: when the socket breaks, the process ends at once.
class EngineConnection final : public EngineLink {
  public:
    explicit EngineConnection(OwnedFd fd) : socket_(std::move(fd)) {}

    RemoteAnswer call(const RemoteCall& call) override;
    void cancel(parley_op op) override;
    void log(std::int32_t level, std::uint64_t turn, std::string_view message,
             std::string_view fields_json) override;
    void threw(std::string_view callback, std::string_view what) override;
    void was_slow(Millis took) override;
    void change_metric(std::uint64_t metric, MetricChange change, double value) override;

    void send(const Frame& frame);  // any thread; waits for room
    void send_metrics();            // what has changed; happens every second, too
    Frame receive();                // one thread
    void answered(std::uint64_t id, const AnswerMessage& answer);

  private:
    FrameSocket socket_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t next_call_ = 1;
    std::map<std::uint64_t, std::optional<RemoteAnswer>> calls_;
    std::once_flag reporting_;
    std::mutex metrics_mutex_;
    PendingMetrics metrics_;
};

// The engine's clock and randomness, where they are not the system's. Each look costs a round trip.
class EngineClock final : public Clock {
  public:
    explicit EngineClock(EngineLink& engine) : engine_(engine) {}
    WallTime wall() const override;
    MonoTime mono() const override;

  private:
    EngineLink& engine_;
};

class EngineRandom final : public Random {
  public:
    explicit EngineRandom(EngineLink& engine) : engine_(engine) {}
    void fill(std::span<unsigned char> out) override;

  private:
    EngineLink& engine_;
};

}  // namespace parley
