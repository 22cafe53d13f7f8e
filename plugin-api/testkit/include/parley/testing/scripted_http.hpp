// What the fake host answers to an agent's HTTP requests.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parley/plugin.h>

namespace parley::testing {

struct HttpRequest {
    std::string method;
    std::string url;
    std::map<std::string, std::string> headers;
    std::string body;
    std::optional<std::chrono::milliseconds> timeout;
    parley_turn turn = 0;
};

struct HttpResponse {
    parley_status accepted = PARLEY_OK;  // what request() returns; anything else and there is no operation
    parley_status status = PARLEY_OK;
    int http_status = 0;
    std::string body;
    std::string headers_json = "{}";
    std::optional<std::chrono::milliseconds> delay = std::chrono::milliseconds(0);  // nullopt: never
};

// One line of the script: host.on_http("POST", "https://crm.test/lead").reply(503).then(200, "ok").
// The answers are used one after another; the last one stays.
class HttpRule {
  public:
    HttpRule(std::string method, std::string url_prefix)
        : method_(std::move(method)), url_(std::move(url_prefix)) {}

    HttpRule& reply(int status, std::string body = {}, std::string headers_json = "{}") {
        responses_.push_back(
            {.http_status = status, .body = std::move(body), .headers_json = std::move(headers_json)});
        return *this;
    }
    HttpRule& then(int status, std::string body = {}, std::string headers_json = "{}") {
        return reply(status, std::move(body), std::move(headers_json));
    }
    HttpRule& answer(HttpResponse response) {
        responses_.push_back(std::move(response));
        return *this;
    }
    // No HTTP answer: INTERNAL (no connection), TIMEOUT, LIMIT …
    HttpRule& fail(parley_status status, std::string reason) {
        responses_.push_back({.status = status, .body = std::move(reason)});
        return *this;
    }
    // The call itself is refused: DENIED, INVALID, LIMIT …
    HttpRule& refuse(parley_status status) {
        responses_.push_back({.accepted = status});
        return *this;
    }
    // No answer until the request's own timeout, or until its turn ends.
    HttpRule& hang() {
        responses_.push_back({.delay = std::nullopt});
        return *this;
    }
    // The answer written last comes only after `delay` of virtual time.
    HttpRule& after(std::chrono::milliseconds delay) {
        if (!responses_.empty()) responses_.back().delay = delay;
        return *this;
    }

    bool covers(const HttpRequest& request) const {
        return (method_ == "*" || method_ == request.method) && request.url.starts_with(url_);
    }
    HttpResponse next();

  private:
    std::string method_;
    std::string url_;
    std::vector<HttpResponse> responses_;
    std::size_t used_ = 0;
};

class ScriptedHttp {
  public:
    HttpRule& add(std::string method, std::string url_prefix) {
        return rules_.emplace_back(std::move(method), std::move(url_prefix));
    }

    // The newest rule that covers the request answers. Without one: INTERNAL and a reason that names the
    // request.
    HttpResponse answer(const HttpRequest& request);

    // nullopt when request_json is not what parley/ext/http.h describes.
    static std::optional<HttpRequest> parse(std::string_view request_json);

  private:
    std::deque<HttpRule> rules_;
};

}  // namespace parley::testing
