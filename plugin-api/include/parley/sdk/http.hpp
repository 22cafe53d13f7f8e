// HTTP from inside a turn: co_await turn.http(url).post(body).header("Content-Type",
// "text/plain").timeout(3s)
#pragma once

#include <chrono>
#include <coroutine>
#include <string>
#include <string_view>
#include <utility>

#include <parley/sdk/error.hpp>
#include <parley/sdk/instance.hpp>
#include <parley/sdk/text.hpp>

namespace parley {

// What came back. Network trouble and refusals are answers too (status 0), so that one `if` covers all of
// them.
struct HttpAnswer {
    int status = 0;                     // of the HTTP answer; 0 when there was none
    parley_status outcome = PARLEY_OK;  // else why there was none: TIMEOUT, DENIED, LIMIT, INTERNAL …
    std::string body;                   // without an answer: the reason, for operators
    std::string headers_json;           // object of lower-case names to strings

    bool ok() const noexcept { return status >= 200 && status < 300; }
};

class HttpWaiter final : public Waiter {
  public:
    HttpWaiter(Instance& instance, parley_turn turn, std::string request, std::string body)
        : Waiter(instance.operations),
          instance_(instance),
          turn_(turn),
          request_(std::move(request)),
          body_(std::move(body)) {}

    bool await_ready() const noexcept { return false; }

    bool await_suspend(std::coroutine_handle<> coroutine) {
        parley_op op = 0;
        answer_.outcome = PARLEY_UNSUPPORTED;
        if (const parley_http* http = instance_.http) {
            answer_.outcome = http->request(instance_.host->ctx, turn_, str(request_), str(body_), &op);
        }
        if (answer_.outcome != PARLEY_OK) {
            answer_.body = std::string("the host refused the request: ") + status_name(answer_.outcome);
            return false;
        }
        wait_for(op, coroutine);
        return true;
    }

    HttpAnswer await_resume() {
        if (answer_.outcome == PARLEY_STALE) throw TurnOver{};
        return std::move(answer_);
    }

  protected:
    void take(const parley_result& result) override {
        answer_.outcome = result.status;
        answer_.status = result.status == PARLEY_OK ? result.http_status : 0;
        answer_.body = view(result.body);
        answer_.headers_json = view(result.headers_json);
    }

  private:
    Instance& instance_;
    parley_turn turn_;
    std::string request_;
    std::string body_;
    HttpAnswer answer_;
};

// A request that is being put together; co_await sends it and gives an HttpAnswer.
class HttpCall {
  public:
    HttpCall(Instance& instance, parley_turn turn, std::string_view url)
        : instance_(&instance), turn_(turn), url_(json_string(url)) {}

    HttpCall&& get() && { return std::move(*this).method("GET", {}); }
    HttpCall&& post(std::string body) && { return std::move(*this).method("POST", std::move(body)); }
    HttpCall&& put(std::string body) && { return std::move(*this).method("PUT", std::move(body)); }

    HttpCall&& method(std::string_view name, std::string body) && {
        method_ = name;
        body_ = std::move(body);
        return std::move(*this);
    }

    // Each name once. ${secret:NAME} in the value is filled in by the host.
    HttpCall&& header(std::string_view name, std::string_view value) && {
        if (!headers_.empty()) headers_ += ',';
        append_json_string(headers_, name);
        headers_ += ':';
        append_json_string(headers_, value);
        return std::move(*this);
    }

    // Never more than what is left of the turn, which is also the default.
    HttpCall&& timeout(std::chrono::milliseconds limit) && {
        timeout_ = limit;
        return std::move(*this);
    }

    HttpWaiter operator co_await() && { return {*instance_, turn_, request_json(), std::move(body_)}; }

  private:
    std::string request_json() const {
        std::string json =
            "{\"method\":" + json_string(method_) + ",\"url\":" + url_ + ",\"headers\":{" + headers_ + '}';
        if (timeout_.count() > 0) json += ",\"timeout_ms\":" + std::to_string(timeout_.count());
        return json + '}';
    }

    Instance* instance_;
    parley_turn turn_;
    std::string method_ = "GET";
    std::string url_;
    std::string headers_;
    std::string body_;
    std::chrono::milliseconds timeout_{0};
};

}  // namespace parley
