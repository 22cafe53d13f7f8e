// One accepted connection: reads a request, hands it to the handler, writes the answer, in order.
//
// Threads   Everything on the io thread of its loop, but answer() and the views of the request, which may be
//           used from any thread while the request is open. Callbacks instead of coroutines: no frame per
//           step.
// Lifetime  Shared by the loop, the pending socket operations and the Responder of the open request; the
//           socket is closed and forgotten before the loop ends, whoever still holds the object.
#pragma once

#include <optional>

#include <boost/asio/ip/tcp.hpp>

#include "net/http_exchange.hpp"
#include "net/http_wire.hpp"
#include "net/request_reader.hpp"
#include "net/tls_session.hpp"

namespace parley {

class HttpIoLoop;
class AnswerInbox;

class HttpConnection final : public Responder::Exchange, public std::enable_shared_from_this<HttpConnection> {
  public:
    HttpConnection(HttpIoLoop& loop, boost::asio::ip::tcp::socket socket, std::string peer);

    void start();
    void answer(HttpResponse response) override;  // any thread
    void take_answer();                           // the answer given elsewhere has reached the io thread
    void expire(MonoTime now);                    // closes or refuses what is late
    void drain();                                 // closes when idle, else after the open request
    void close();

    std::size_t index = 0;  // in the loop's list

  private:
    enum class State { shaking, reading, handling, writing, lingering, closed };
    enum class Phase { none, idle, head, body };

    void run();
    void read();
    void on_read(const boost::system::error_code& ec, std::size_t size);

    // With TLS the socket is only waited for; the session reads and writes it.
    using Next = void (HttpConnection::*)();
    void when(TlsSession::Step wanted, Next next);
    void shake();
    void handshake_failed();
    void open_sealed();  // what has come
    bool receive_sealed();
    bool send_sealed();
    void go_on_sending();

    void call_handler();
    bool send();  // response_; false when it goes on later or the connection is closed
    void send_rest(std::size_t sent);
    void on_sent(const boost::system::error_code& ec);
    bool finish_exchange();
    void linger();
    void refuse(HttpResponse response);
    bool send_continue();
    void set_deadline();

    HttpIoLoop* loop_;  // valid until closed
    std::shared_ptr<AnswerInbox> inbox_;
    std::optional<boost::asio::ip::tcp::socket> socket_;
    std::unique_ptr<TlsSession> tls_;  // null: plain HTTP
    RequestReader reader_;
    State state_ = State::reading;
    bool read_pending_ = false;
    bool in_handler_ = false, answered_ = false;
    bool close_after_ = false, refused_ = false, draining_ = false;
    MonoTime deadline_;
    Phase phase_ = Phase::none;  // which deadline runs
    HttpResponse response_;      // written by answer(), read on the io thread after it was told
    std::string out_;
    std::size_t sealed_ = 0;  // of out_ and the body, what TLS has taken
};

}  // namespace parley
