#include "host/worker_session.hpp"

#include <array>
#include <csignal>

#include <sys/epoll.h>
#include <unistd.h>

namespace parley {
namespace {

constexpr std::size_t frames_a_turn = 64;  // then other workers have theirs
constexpr std::size_t all_frames = 4096;   // a socket holds fewer
constexpr int reads_a_turn = 16;

}  // namespace

Result<std::shared_ptr<WorkerSession>> WorkerSession::start(SessionOptions options, WorkerLoop& loop,
                                                            const Clock& clock, std::weak_ptr<Owner> owner) {
    auto ends = FrameSocket::make_pair();
    if (!ends) return ends.error();
    auto board = CallbackBoard::create();
    if (!board) return board.error();
    auto process = WorkerProcess::start(options.program, options.name, ends->second, board->memory());
    if (!process) return process.error();
    auto session = std::make_shared<WorkerSession>(std::move(options), loop, clock, std::move(owner),
                                                   FrameSocket(std::move(ends->first)), std::move(*board),
                                                   std::move(*process));
    session->begin();
    return session;
}

WorkerSession::WorkerSession(SessionOptions options, WorkerLoop& loop, const Clock& clock,
                             std::weak_ptr<Owner> owner, FrameSocket socket, CallbackBoard board,
                             WorkerProcess process)
    : options_(std::move(options)),
      loop_(loop),
      clock_(clock),
      owner_(std::move(owner)),
      socket_(std::move(socket)),
      board_(std::move(board)),
      process_(std::move(process)),
      pid_(process_.pid()),
      lines_([this](const std::string& line) {
          if (const auto told = owner_.lock()) told->on_output(line);
      }),
      frames_(options_.frames_a_second, options_.frames_at_once, clock_.mono()),
      started_(clock_.mono()) {}

// The watches keep it alive until its end.
void WorkerSession::begin() {
    const auto self = shared_from_this();
    socket_watch_ =
        loop_.watch(socket_.fd(), EPOLLIN, [self](std::uint32_t events) { self->on_socket(events); });
    output_watch_ = loop_.watch(process_.output(), EPOLLIN, [self](std::uint32_t) { self->read_output(); });
    process_watch_ = loop_.watch(process_.pidfd(), EPOLLIN, [self](std::uint32_t) { self->on_process(); });
}

void WorkerSession::send(Frame frame) {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    if (unsent_.empty()) {
        if (socket_.send(frame, FrameSocket::Wait::no) != FrameSocket::Sent::full) return;
        loop_.post([self = shared_from_this()] {
            if (!self->is_over_) self->loop_.change(self->socket_watch_, EPOLLIN | EPOLLOUT);
        });
    }
    unsent_bytes_ += frame.payload.size();
    unsent_.push_back(std::move(frame));
    if (unsent_bytes_ <= options_.most_unsent) return;
    is_closed_ = true;
    loop_.post([self = shared_from_this()] { self->kill("it does not read what it is sent"); });
}

void WorkerSession::write_frames() {
    const std::lock_guard lock(mutex_);
    while (!unsent_.empty()) {
        if (socket_.send(unsent_.front(), FrameSocket::Wait::no) == FrameSocket::Sent::full) return;
        unsent_bytes_ -= unsent_.front().payload.size();
        unsent_.pop_front();
    }
    loop_.change(socket_watch_, EPOLLIN);
}

void WorkerSession::on_socket(std::uint32_t events) {
    if ((events & EPOLLOUT) != 0) write_frames();
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || read_frames(frames_a_turn)) return;
    loop_.forget(socket_watch_);
    kill("it closed its socket");  // if it did not end by itself
}

bool WorkerSession::read_frames(std::size_t most) {
    const auto owner = owner_.lock();
    Frame frame;
    for (std::size_t i = 0; i < most && owner && !is_over_; ++i) {
        const FrameSocket::Got got = socket_.receive(frame, FrameSocket::Wait::no);
        if (got == FrameSocket::Got::nothing) return true;
        if (got == FrameSocket::Got::closed) return false;
        if (got == FrameSocket::Got::malformed)
            kill("it sent " + socket_.problem());
        else if (!frames_.take(clock_.mono()))
            kill("it sends more than anybody can read");
        else if (frame.type == FrameType::pong)
            awaits_pong_ = false;
        else
            owner->on_frame(frame);
    }
    return true;
}

void WorkerSession::read_output() {
    std::array<char, 4096> bytes;
    for (int i = 0; i < reads_a_turn; ++i) {
        const ssize_t got = ::read(process_.output(), bytes.data(), bytes.size());
        if (got < 0) return;
        if (got == 0) return loop_.forget(output_watch_);
        lines_.add({bytes.data(), static_cast<std::size_t>(got)}, clock_.mono());
    }
}

void WorkerSession::on_process() {
    const auto self = shared_from_this();
    const auto end = process_.end();
    if (!end) return;
    read_frames(all_frames);  // what it said before it ended counts
    read_output();
    lines_.end(clock_.mono());
    is_over_ = true;
    for (const WorkerLoop::Watch watch : {socket_watch_, output_watch_, process_watch_}) loop_.forget(watch);
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
        unsent_.clear();
    }
    // A reason for killing it explains no other end.
    if (const auto told = owner_.lock()) told->on_end(*end, end->signal == SIGKILL ? killed_because_ : "");
}

void WorkerSession::retire() {
    is_retired_ = true;
    retired_ = clock_.mono();
    send({FrameType::retire, 0, {}});
}

void WorkerSession::kill(const std::string& why) {
    if (is_over_ || !killed_because_.empty()) return;
    killed_because_ = why;
    process_.kill();
}

void WorkerSession::step(MonoTime now, bool has_turns) {
    if (is_over_) return;
    if (!ready_ && now - started_ > options_.start_limit)
        return kill("it was not ready within " + std::to_string(options_.start_limit.count()) + " ms");
    if (is_retired_ && now - retired_ > options_.retire_limit)
        return kill("it did not end when it was told to");
    look_for_stuck_callbacks(now);
    if (has_turns) ping(now);
}

void WorkerSession::ping(MonoTime now) {
    if (awaits_pong_) {
        if (now - pinged_ > options_.stall) kill("it does not answer");
        return;
    }
    if (now - pinged_ < options_.ping_every) return;
    pinged_ = now;
    awaits_pong_ = true;
    send({FrameType::ping, 0, {}});
}

void WorkerSession::look_for_stuck_callbacks(MonoTime now) {
    const auto owner = owner_.lock();
    std::map<std::size_t, Seen> still;
    for (const CallbackBoard::Running& one : board_.running()) {
        const auto known = callbacks_.find(one.slot);
        const bool is_same = known != callbacks_.end() && known->second.count == one.count;
        const Seen seen{one.count, is_same ? known->second.since : now};
        still[one.slot] = seen;
        if (!ready_ || !owner || now - seen.since <= owner->stall_limit(one.turn)) continue;
        board_.note_crash(one.slot);
        return kill("a callback is stuck");
    }
    callbacks_ = std::move(still);
}

}  // namespace parley
