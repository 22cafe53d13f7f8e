// Plain sockets on 127.0.0.1, to say to a server or client what a well-behaved library never would.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace parley {

// A response as it came, or what there was of it.
struct RawResponse {
    int status = 0;
    std::string head, body;

    bool has(std::string_view line) const {
        return head.find(std::string(line) + "\r\n") != std::string::npos;
    }
};

// One end of a connection. Waits at most ten seconds for anything.
class RawSocket {
  public:
    explicit RawSocket(int descriptor) : descriptor_(descriptor) {
        const timeval limit{10, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    RawSocket(RawSocket&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), pending_(std::move(other.pending_)) {}
    RawSocket& operator=(RawSocket&&) = delete;
    ~RawSocket() { close(); }

    static RawSocket connect_to(std::uint16_t port) {
        const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        RawSocket result(descriptor);
        if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) result.close();
        return result;
    }

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    void close() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }
    // Makes close() tell the peer with a reset.
    void reset() {
        const linger now{1, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void end_sending() { shutdown(descriptor_, SHUT_WR); }

    // Stops quietly when the peer has closed.
    void send(std::string_view text) {
        while (!text.empty()) {
            const auto sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    // False when nothing more comes.
    bool receive_some() {
        char buffer[16384];
        const auto size = recv(descriptor_, buffer, sizeof buffer, 0);
        if (size <= 0) return false;
        pending_.append(buffer, static_cast<std::size_t>(size));
        return true;
    }

    // Status 0 when the peer closed or kept silent instead.
    RawResponse receive(bool with_body = true) {
        RawResponse response;
        response.head = take_head();
        if (response.head.size() > 12) response.status = std::atoi(response.head.c_str() + 9);
        const auto size = with_body ? content_length(response.head) : 0;
        response.body = take(size);
        return response;
    }

    // A request with its body, when Content-Length tells it.
    std::string receive_request() {
        auto head = take_head();
        const auto size = content_length(head);
        return head + take(size);
    }

    // Everything up to the end. True when the peer closed in order, not by a reset or silence.
    bool receive_until_closed(std::string& all) {
        while (receive_some()) {
        }
        char last;
        all = std::exchange(pending_, {});
        return recv(descriptor_, &last, 1, 0) == 0;
    }

    bool is_closed_by_peer() {
        std::string rest;
        errno = 0;  // a reset is an end, too; only silence is not
        const bool in_order = receive_until_closed(rest);
        return rest.empty() && (in_order || errno != EAGAIN);
    }

  private:
    std::string take_head() {
        for (;;) {
            if (const auto end = pending_.find("\r\n\r\n"); end != std::string::npos) return take(end + 4);
            if (!receive_some()) return std::exchange(pending_, {});
        }
    }
    std::string take(std::size_t size) {
        while (pending_.size() < size && receive_some()) {
        }
        auto taken = pending_.substr(0, size);
        pending_.erase(0, taken.size());
        return taken;
    }
    static std::size_t content_length(const std::string& head) {
        const auto at = head.find("Content-Length: ");
        return at == std::string::npos ? 0 : static_cast<std::size_t>(std::atol(head.c_str() + at + 16));
    }

    int descriptor_;
    std::string pending_;
};

// Accepts connections on a free port; each is served by `script` in turn of arrival, one thread each.
class RawServer {
  public:
    using Script = std::function<void(RawSocket& peer, int number)>;

    explicit RawServer(Script script) : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, raw, size) != 0 || listen(listener_, 64) != 0 ||
            getsockname(listener_, raw, &size) != 0)
            throw std::runtime_error("no port to listen on");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, run = std::move(script)] { accept_all(run); });
    }
    ~RawServer() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }

  private:
    void accept_all(const Script& script) {
        std::vector<std::thread> threads;
        for (int number = 0;; ++number) {
            const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (accepted < 0) break;
            threads.emplace_back([&script, accepted, number] {
                RawSocket peer(accepted);
                script(peer, number);
            });
        }
        for (auto& thread : threads) thread.join();
    }

    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace parley
