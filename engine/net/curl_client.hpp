// HttpClient on libcurl: one thread, one multi handle, kept-alive connections, HTTP/2 where a TLS peer offers
// it.
//
// Certificates and host names are always verified. Proxies named by the environment are not used. A request
// that is not safe to repeat (anything but GET, HEAD, OPTIONS) begins to leave at most once, also when a kept
// connection turns out to be dead: it then ends in_doubt.
#pragma once

#include <memory>

#include "net/http_client.hpp"

namespace parley {

struct CurlOptions {
    unsigned max_connections_per_host = 512;
    unsigned max_in_flight = 4096;  // further calls wait inside
    std::string ca_file;            // empty: the system's
    std::string user_agent = "parley";
};

class CurlClient final : public HttpClient {
  public:
    explicit CurlClient(CurlOptions options);
    ~CurlClient() override;  // cancels what is open (their completions run), joins
    HttpCallId start(HttpCall call, Completion<HttpOutcome> done) override;
    void cancel(HttpCallId id) override;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace parley
