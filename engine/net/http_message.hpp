// An HTTP request as handlers see it, and their response. No Asio, no Beast: those stay inside this folder's
// sources.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// What the other end of a TLS connection showed of itself.
struct ClientCertificate {
    std::string name;     // its common name, once a trusted authority vouches for it; else empty
    std::string problem;  // why there is no name: none was shown, or why it is not trusted
};

// A request in the connection's own buffers: every view stays valid until its Responder has been called.
class HttpRequest {
  public:
    virtual ~HttpRequest() = default;
    virtual std::string_view method() const = 0;  // upper case
    virtual std::string_view path() const = 0;    // before '?', percent-encoded as received
    virtual std::string_view query() const = 0;   // after '?', as received; may be empty
    virtual std::string_view body() const = 0;    // raw bytes, de-chunked
    // The value of the first header of that name, any case; empty when there is none.
    virtual std::string_view header(std::string_view name) const = 0;
    // The values of all headers of that name, as they came; a list in one header is one value.
    virtual std::vector<std::string_view> all_headers(std::string_view name) const = 0;
    virtual std::string_view peer() const = 0;  // IP address of the connection, without port
    virtual const ClientCertificate& client_certificate() const;  // of the connection; without TLS none
    virtual std::string_view request_id() const {
        return {};
    }  // for logs and the answer; see request_ids.hpp
};

struct HttpResponse {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    HttpHeaders headers;            // besides Content-Type, Content-Length, Connection, Date, X-Request-Id
    bool abort_connection = false;  // closes it without an answer; for stand-ins that script faults

    static HttpResponse json(int status, std::string body) {
        return {status, "application/json", std::move(body), {}, false};
    }
    static HttpResponse text(int status, std::string body) {
        return {status, "text/plain; charset=utf-8", std::move(body), {}, false};
    }
};

// The decoded value of `name` in a query string or form body; empty when absent. '+' is a space.
std::string query_value(std::string_view query, std::string_view name);
std::string percent_decode(std::string_view text);
std::string percent_encode(std::string_view text);  // all but letters, digits and -._~

}  // namespace parley
