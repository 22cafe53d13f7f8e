#include "load/graph.hpp"

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

// The value of the first such member; escapes stay as they are.
std::string_view member(std::string_view json, std::string_view name) {
    const std::size_t at = json.find(name);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = json.substr(at + name.size());
    return rest.substr(0, rest.find('"'));
}

std::string accepted(std::string_view to, std::uint64_t id) {
    const std::string user(to);
    const std::string body = R"({"messaging_product":"whatsapp","contacts":[{"input":")" + user +
                             R"(","wa_id":")" + user + R"("}],"messages":[{"id":"wamid.OUT)" +
                             std::to_string(id) + R"("}]})";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

class Graph::Connection : public Watcher {
  public:
    Connection(Graph& graph, std::uint64_t id, int descriptor)
        : graph_(graph), id_(id), descriptor_(descriptor) {
        graph_.loop_.add(descriptor_, *this);
    }
    ~Connection() override {
        graph_.loop_.remove(descriptor_);
        ::close(descriptor_);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void ready() override {
        if (!reader_.read(descriptor_)) {
            graph_.gone_ = std::move(graph_.connections_[id_]);
            graph_.connections_.erase(id_);
            return;
        }
        while (const auto piece = reader_.next()) {
            const Nanos at = now();
            const std::string_view text = member(piece->body, R"("body":")");
            if (!text.empty()) graph_.ledger_.replied(std::strtoull(text.data(), nullptr, 10), at);
            const std::string answer = accepted(member(piece->body, R"("to":")"), graph_.next_id_++);
            if (graph_.delay_.count() == 0)
                write(answer);
            else
                graph_.answers_.push_back({at + graph_.delay_, id_, answer});
        }
    }
    // An answer fits the socket's buffer; one that does not go out is the client's to miss.
    void write(const std::string& answer) const {
        if (::send(descriptor_, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
    }

  private:
    Graph& graph_;
    std::uint64_t id_;
    HttpReader reader_;
    int descriptor_;
};

Graph::Graph(Nanos delay, Loop& loop, Ledger& ledger)
    : delay_(delay),
      loop_(loop),
      ledger_(ledger),
      descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(descriptor_, 1024) != 0 ||
        ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::system_error(errno, std::generic_category(), "mock Graph");
    port_ = ntohs(address.sin_port);
    loop_.add(descriptor_, *this);
}

Graph::~Graph() {
    connections_.clear();
    ::close(descriptor_);
}

void Graph::ready() {
    const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::uint64_t id = next_connection_++;
    connections_.emplace(id, std::make_unique<Connection>(*this, id, descriptor));
}

Nanos Graph::answer_due(Nanos at) {
    gone_.reset();
    for (; !answers_.empty() && answers_.front().due <= at; answers_.pop_front())
        if (const auto found = connections_.find(answers_.front().connection); found != connections_.end())
            found->second->write(answers_.front().text);
    return answers_.empty() ? std::chrono::milliseconds(100) : answers_.front().due - at;
}

}  // namespace parley::bench
