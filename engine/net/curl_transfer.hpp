// One exchange on a libcurl easy handle, and the handle itself, which the next exchange uses again.
//
// A POST leaves at most once: libcurl would repeat a request by itself when a kept-alive connection dies
// without an answer, which may be after the peer acted on it. The second start of a request that is not safe
// to repeat is stopped before any byte of it, and the exchange ends in doubt. Proxies named by the
// environment are not used: they would hide the peer's address from allow_private_network.
#pragma once

#include <array>
#include <memory>

#include <curl/curl.h>

#include "base/result.hpp"
#include "net/curl_client.hpp"

namespace parley {

class CurlSockets;

class CurlTransfer {
  public:
    CurlTransfer(const CurlOptions& options, CurlSockets& sockets);
    ~CurlTransfer();
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    // invalid_input when the call cannot be written as a request; nothing has left then.
    Result<> prepare(HttpCallId id, HttpCall call, Completion<HttpOutcome> done);
    CURL* handle() const { return easy_; }
    HttpCallId id() const { return id_; }

    HttpOutcome finish(CURLcode code);  // after libcurl has said so
    HttpOutcome finish_cancelled();
    Completion<HttpOutcome> take_completion() { return std::move(done_); }

    static CurlTransfer& of(CURL* easy);

  private:
    template <class T>
    void set(CURLoption option, T value) {
        curl_easy_setopt(easy_, option, value);
    }
    Result<> set_headers();
    void set_method();
    void clear();
    HttpFailure failure(CURLcode code) const;

    int before_request(std::string_view peer);
    curl_socket_t open_socket(const curl_sockaddr& address);
    std::size_t take_header(std::string_view line);
    std::size_t take_body(std::string_view bytes);

    CURL* easy_;
    CurlSockets& sockets_;
    curl_slist* header_lines_ = nullptr;
    std::array<char, CURL_ERROR_SIZE> error_{};
    HttpCallId id_ = 0;
    HttpCall call_;
    Completion<HttpOutcome> done_;
    HttpReply reply_;
    bool repeatable_ = false;
    bool started_ = false;  // the request may have begun to leave
    bool refused_ = false, repeated_ = false, too_large_ = false;
};

}  // namespace parley
