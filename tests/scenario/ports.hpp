// A free port, known before its server starts: two servers that must know each other's address cannot both
// ask for 0.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace parley::scenario {

// Stays bound, without listening, for as long as it lives: nobody else is given the port, while a server of
// the test, which may share an address that nobody listens on, starts on it again and again.
class FreePort {
  public:
    FreePort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int share = 1;
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &share, sizeof share) != 0 ||
            ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("no free port");
        port_ = ntohs(address.sin_port);
    }
    ~FreePort() { ::close(socket_); }
    FreePort(const FreePort&) = delete;
    FreePort& operator=(const FreePort&) = delete;

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  private:
    int socket_;
    std::uint16_t port_ = 0;
};

}  // namespace parley::scenario
