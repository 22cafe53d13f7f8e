#include "load/door.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/http_reader.hpp"

namespace parley::bench {
namespace {

int connect_to(unsigned short port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::generic_category(), "connect to port " + std::to_string(port));
    return descriptor;
}

}  // namespace

class Door::Connection : public Watcher {
  public:
    explicit Connection(Door& door) : door_(door) { open(); }
    ~Connection() override { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // A request fits the socket's buffer, so this never waits.
    void send(std::uint64_t sequence, const std::string& request) {
        sequence_ = sequence;
        is_busy_ = true;
        if (::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size()))
            broken();
    }
    std::uint64_t sequence() const { return sequence_; }

    void ready() override {
        if (!reader_.read(descriptor_)) return broken();
        // "HTTP/1.1 200 OK"
        if (const auto piece = reader_.next()) end(std::atoi(piece->head.data() + 9));
    }

  private:
    void open() {
        descriptor_ = connect_to(door_.port_);
        door_.loop_.add(descriptor_, *this);
    }
    void close() {
        door_.loop_.remove(descriptor_);
        ::close(descriptor_);
    }
    // A server may close a connection that nobody uses; then nothing is lost.
    void broken() {
        close();
        reader_.clear();
        open();
        if (is_busy_) end(0);
    }
    void end(int status) {
        is_busy_ = false;
        door_.answered(*this, status);
    }

    Door& door_;
    HttpReader reader_;
    std::uint64_t sequence_ = 0;
    int descriptor_ = -1;
    bool is_busy_ = false;
};

Door::Door(DoorOptions options, unsigned short port, Loop& loop, const Webhooks& webhooks, Ledger& ledger)
    : options_(options), port_(port), loop_(loop), webhooks_(webhooks), ledger_(ledger) {
    for (unsigned i = 0; i < options_.connections; ++i)
        connections_.push_back(std::make_unique<Connection>(*this));
    for (auto& connection : connections_) idle_.push_back(connection.get());
}
Door::~Door() = default;

Nanos Door::send_due(Nanos at) {
    constexpr Nanos long_time = std::chrono::milliseconds(100);
    if (stopped_) return long_time;
    if (options_.rate <= 0) {
        while (!idle_.empty()) {
            Connection& connection = *idle_.back();
            idle_.pop_back();
            start(connection, at);
        }
        return long_time;
    }
    if (next_due_.count() == 0) next_due_ = at;
    for (; next_due_ <= at; next_due_ += Nanos{static_cast<Nanos::rep>(1e9 / options_.rate)})
        waiting_.push_back(next_due_);
    for (; !waiting_.empty() && !idle_.empty(); waiting_.pop_front()) {
        Connection& connection = *idle_.back();
        idle_.pop_back();
        start(connection, waiting_.front());
    }
    return next_due_ - at;
}

void Door::start(Connection& connection, Nanos due) {
    const std::uint64_t sequence = ledger_.begin(due);
    connection.send(sequence, webhooks_.request(ledger_.user_of(sequence), sequence));
}

void Door::answered(Connection& connection, int status) {
    ledger_.acknowledged(connection.sequence(), status, now());
    idle_.push_back(&connection);
}

}  // namespace parley::bench
