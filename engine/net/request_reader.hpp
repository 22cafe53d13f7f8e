// Bytes of a connection into requests: parsing, limits and the buffers a request lives in. No sockets.
//
// Memory    Headers stay where they were received and are kept as offsets; a body with a known length is
//           received behind them, so the usual request is never copied. Buffers are kept for the next request
//           of the connection.
// Threads   The connection's io thread; the views of a finished request may be read anywhere until next().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/beast/http/basic_parser.hpp>

#include "net/body_budget.hpp"
#include "net/http_message.hpp"

namespace parley {

class RequestReader final : public HttpRequest {
  public:
    static constexpr std::size_t max_head = 16U << 10;
    static constexpr std::size_t max_fields = 256;

    enum class Step { more, complete, refused };

    RequestReader(std::size_t max_body, std::shared_ptr<BodyBudget> budget, std::string peer);
    ~RequestReader() override;
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;

    std::span<char> space();        // where the next bytes go; never empty
    void commit(std::size_t size);  // that many have been put there
    Step advance();
    void next();  // forgets the finished request; bytes behind it stay

    bool idle() const { return !head_complete_ && used_ == 0; }  // nothing of a request has come
    bool in_body() const { return head_complete_; }
    bool has_unread() const { return used_ > end_; }
    bool keep_alive() const { return keep_alive_; }
    bool is_http_1_0() const { return version_ == 10; }
    bool is_head() const { return method() == "HEAD"; }
    // True once, when the peer waits for "100 Continue" before it sends the body.
    bool take_expectation() { return std::exchange(expects_continue_, false); }
    HttpResponse take_refusal() { return std::move(refusal_); }

    std::string_view method() const override { return view(method_); }
    std::string_view path() const override { return view(path_); }
    std::string_view query() const override { return view(query_); }
    std::string_view body() const override;
    std::string_view header(std::string_view name) const override;
    std::vector<std::string_view> all_headers(std::string_view name) const override;
    std::string_view peer() const override { return peer_; }
    const ClientCertificate& client_certificate() const override {
        return certificate_ ? *certificate_ : HttpRequest::client_certificate();
    }
    std::string_view request_id() const override { return request_id_; }
    std::string& request_id_to_write() { return request_id_; }  // kept for the next request's
    void set_client_certificate(ClientCertificate certificate) { certificate_ = std::move(certificate); }

  private:
    using error_code = boost::beast::error_code;
    struct Slice {
        std::uint16_t at = 0, size = 0;
    };
    struct Field {
        Slice name, value;
    };
    class Parser;

    std::string_view view(Slice s) const { return {data_.get() + s.at, s.size}; }
    bool to_slice(boost::beast::string_view text, Slice& slice) const;
    void on_request_line(boost::beast::string_view method, boost::beast::string_view target, int version,
                         error_code& ec);
    void on_field(boost::beast::http::field id, boost::beast::string_view name,
                  boost::beast::string_view value, error_code& ec);
    std::size_t on_chunk(boost::beast::string_view bytes, error_code& ec);

    Step read_head();
    Step begin_body();
    Step read_sized_body();
    Step read_chunks();
    bool charge(std::size_t bytes);
    void set_target(Slice target);
    Step refuse(int status, std::string_view detail);
    Step refuse(const error_code& ec);
    void grow(std::size_t capacity);

    const std::size_t max_body_;
    const std::shared_ptr<BodyBudget> budget_;
    const std::string peer_;
    std::optional<ClientCertificate> certificate_;  // of a TLS connection

    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0, used_ = 0;
    std::size_t parsed_ = 0;  // of the head, then of the chunks
    std::size_t head_size_ = 0;
    std::size_t end_ = 0;  // of the finished request
    std::size_t body_size_ = 0;
    std::size_t charged_ = 0;
    std::string chunks_;  // a de-chunked body

    std::unique_ptr<Parser> parser_;
    std::vector<Field> fields_;
    Slice method_, path_, query_;
    std::string request_id_;
    int version_ = 11;
    unsigned hosts_ = 0;
    bool head_complete_ = false, chunked_ = false, keep_alive_ = true, expects_continue_ = false;
    bool bad_expectation_ = false, bad_encoding_ = false;
    HttpResponse refusal_;
};

}  // namespace parley
