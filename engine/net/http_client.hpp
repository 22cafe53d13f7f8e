// Port: asynchronous HTTP out. CurlClient implements it; tests have FakeHttpClient.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/unique_function.hpp"
#include "net/http_message.hpp"

namespace parley {

struct HttpCall {
    std::string method = "GET";
    std::string url;
    HttpHeaders headers;
    std::string body;
    Millis timeout{30'000};  // of the whole exchange
    Millis connect_timeout{10'000};
    std::size_t max_response = 8U << 20;  // bytes of body; more fails as too_large
    // false: loopback, private and link-local addresses are refused after the name is resolved.
    bool allow_private_network = true;
};

struct HttpReply {
    int status = 0;
    HttpHeaders headers;  // names in lower case
    std::string body;
    std::string header(std::string_view name) const;  // lower-case name; empty when absent
};

struct HttpFailure {
    enum class Kind {
        not_sent,   // the request surely did not reach a server: resolving, connecting or TLS failed, or it
                    // was refused here
        in_doubt,   // the connection broke or timed out after bytes may have left
        too_large,  // the answer exceeded max_response; the request did arrive
        cancelled,  // by cancel() or shutdown; in doubt as well when it had started
    };
    Kind kind = Kind::not_sent;
    bool may_have_arrived = false;
    std::string reason;      // one line, without credentials
    bool timed_out = false;  // a time limit of the call ended it
    bool denied = false;     // by allow_private_network: trying again is of no use
};

struct HttpOutcome {
    std::optional<HttpReply> reply;  // an HTTP answer of any status
    HttpFailure failure;             // when there is none
};

using HttpCallId = std::uint64_t;

class HttpClient {
  public:
    virtual ~HttpClient() = default;
    // `done` runs exactly once, on the client's own thread; it must not block. Redirects are never followed.
    // Any thread.
    virtual HttpCallId start(HttpCall call, Completion<HttpOutcome> done) = 0;
    virtual void cancel(HttpCallId id) = 0;  // any thread; unknown or finished ids are ignored
};

}  // namespace parley
