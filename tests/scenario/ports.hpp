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

// The kernel hands out free ports in turn, so nobody else gets this one while the test starts its server on
// it.
class FreePort {
  public:
    FreePort() {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                           ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        ::close(socket);
        if (!bound) throw std::runtime_error("no free port");
        port_ = ntohs(address.sin_port);
    }

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  private:
    std::uint16_t port_ = 0;
};

}  // namespace parley::scenario
