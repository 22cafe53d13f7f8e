// The yardstick: a Beast server on one thread that reads a POST and answers 200 with constant bytes, nothing
// else. What the engine does besides is measured as a share of its rate.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

asio::awaitable<void> serve(tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code ec;
    socket.set_option(tcp::no_delay(true), ec);
    try {
        for (;;) {
            http::request_parser<http::string_body> parser;
            co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
            co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
        }
    } catch (const boost::system::system_error&) {
        // The peer has gone: nothing is left to do for it.
    }
}

asio::awaitable<void> accept(tcp::acceptor acceptor) {
    const auto executor = co_await asio::this_coro::executor;
    for (;;)
        asio::co_spawn(executor, serve(co_await acceptor.async_accept(asio::use_awaitable)), asio::detached);
}

}  // namespace

// Usage: bench-bare-server PORT
int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: bench-bare-server PORT\n";
        return 2;
    }
    const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
    asio::io_context io(1);
    asio::co_spawn(io, accept(tcp::acceptor(io, {asio::ip::address_v4::loopback(), port})), asio::detached);
    asio::signal_set ends(io, SIGINT, SIGTERM);
    ends.async_wait([&io](auto, auto) { io.stop(); });
    io.run();
}
