// One life of a worker process: its socket, its output, its end; and when it must be ended.
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/token_bucket.hpp"
#include "host/callback_board.hpp"
#include "host/output_lines.hpp"
#include "host/worker_loop.hpp"
#include "host/worker_process.hpp"

namespace parley {

struct SessionOptions {
    std::filesystem::path program;
    std::string name;
    Millis start_limit{10'000};       // until it is ready
    Millis retire_limit{1'500};       // from retire to its end
    Millis ping_every{2'000};         // while it has turns
    Millis stall{5'000};              // for a ping's answer
    double frames_a_second = 50'000;  // more is a flood
    double frames_at_once = 100'000;
    std::size_t most_unsent = 64U << 20;  // bytes it has not read
};

// On the loop's thread, but for send() and pid().
class WorkerSession : public std::enable_shared_from_this<WorkerSession> {
  public:
    // Told on the loop's thread, without a lock held. After on_end nothing follows.
    class Owner {
      public:
        virtual ~Owner() = default;
        virtual void on_frame(const Frame& frame) = 0;
        virtual void on_output(const std::string& line) = 0;
        // `why`: for which this side ended it; else empty.
        virtual void on_end(const WorkerEnd& end, const std::string& why) = 0;
        virtual Millis stall_limit(std::uint64_t turn) = 0;  // for a callback of that turn
    };

    static Result<std::shared_ptr<WorkerSession>> start(SessionOptions options, WorkerLoop& loop,
                                                        const Clock& clock, std::weak_ptr<Owner> owner);
    WorkerSession(SessionOptions options, WorkerLoop& loop, const Clock& clock, std::weak_ptr<Owner> owner,
                  FrameSocket socket, CallbackBoard board, WorkerProcess process);

    void send(Frame frame);  // never waits; what it does not read is kept, up to a bound
    pid_t pid() const noexcept { return pid_; }

    void mark_ready() { ready_ = true; }
    void retire();
    void kill(const std::string& why);
    void step(MonoTime now, bool has_turns);
    std::vector<CallbackBoard::Running> running() const { return board_.running(); }

  private:
    struct Seen {
        std::uint64_t count = 0;
        MonoTime since{};
    };
    void begin();
    void on_socket(std::uint32_t events);
    bool read_frames(std::size_t most);  // false: the other end is closed
    void write_frames();
    void read_output();
    void on_process();
    void look_for_stuck_callbacks(MonoTime now);
    void ping(MonoTime now);

    const SessionOptions options_;
    WorkerLoop& loop_;
    const Clock& clock_;
    const std::weak_ptr<Owner> owner_;
    FrameSocket socket_;
    CallbackBoard board_;
    WorkerProcess process_;
    const pid_t pid_;
    OutputLines lines_;
    TokenBucket frames_;
    WorkerLoop::Watch socket_watch_ = 0, process_watch_ = 0, output_watch_ = 0;
    MonoTime started_, retired_{}, pinged_{};
    bool ready_ = false, is_retired_ = false, awaits_pong_ = false, is_over_ = false;
    std::string killed_because_;
    std::map<std::size_t, Seen> callbacks_;

    std::mutex mutex_;
    std::deque<Frame> unsent_;
    std::size_t unsent_bytes_ = 0;
    bool is_closed_ = false;
};

}  // namespace parley
