// A bot behind the http-forwarder: an HTTP server that answers as a test says and remembers what it was asked.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_server.hpp"
#include "simulator/json.hpp"

namespace parley::scenario {

class Bot {
  public:
    struct Request {
        sim::Json body;
        std::string id;         // webhook-id
        std::string timestamp;  // webhook-timestamp
        std::string signature;  // webhook-signature
        std::string traceparent;
        std::string raw;
    };
    using Answer = std::function<HttpResponse(const Request&)>;

    Bot(std::string address, Answer answer)
        : answer_(std::move(answer)),
          server_({.listen = std::move(address)},
                  [this](const HttpRequest& request, Responder respond) { handle(request, respond); }) {}
    ~Bot() { server_.stop(); }
    Bot(const Bot&) = delete;
    Bot& operator=(const Bot&) = delete;

    bool start() { return static_cast<bool>(server_.start()); }
    std::vector<Request> asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

  private:
    void handle(const HttpRequest& request, Responder& respond) {
        Request seen;
        seen.raw = request.body();
        seen.body = sim::Json::parse(seen.raw, nullptr, false);
        seen.id = request.header("webhook-id");
        seen.timestamp = request.header("webhook-timestamp");
        seen.signature = request.header("webhook-signature");
        seen.traceparent = request.header("traceparent");
        {
            const std::lock_guard lock(mutex_);
            asked_.push_back(seen);
        }
        respond(answer_(seen));
    }

    const Answer answer_;
    mutable std::mutex mutex_;
    std::vector<Request> asked_;
    HttpServer server_;  // last: it ends before what its handler uses
};

}  // namespace parley::scenario
