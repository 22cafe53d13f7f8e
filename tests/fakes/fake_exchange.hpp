// A request and the other end of its Responder, for handlers without a server.
#pragma once

#include <algorithm>
#include <future>
#include <memory>
#include <string>

#include "net/http_exchange.hpp"

namespace parley {

struct FakeRequest final : HttpRequest {
    std::string verb = "POST", where = "/webhook", question, content, address = "127.0.0.1";
    HttpHeaders headers;
    ClientCertificate certificate;

    std::string_view method() const override { return verb; }
    std::string_view path() const override { return where; }
    std::string_view query() const override { return question; }
    std::string_view body() const override { return content; }
    std::string_view peer() const override { return address; }
    std::string_view header(std::string_view name) const override {
        const auto values = all_headers(name);
        return values.empty() ? std::string_view{} : values.front();
    }
    std::vector<std::string_view> all_headers(std::string_view name) const override {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
        std::vector<std::string_view> values;
        for (const auto& [key, value] : headers) {
            if (std::equal(key.begin(), key.end(), name.begin(), name.end(),
                           [&](char a, char b) { return lower(a) == lower(b); })) {
                values.push_back(value);
            }
        }
        return values;
    }
    const ClientCertificate& client_certificate() const override { return certificate; }
};

// Takes one answer. The future is broken when the responder goes unanswered.
class FakeExchange {
  public:
    Responder responder() {
        auto taker = std::make_shared<Taker>();
        answer_ = taker->promise.get_future();
        return Responder(taker);
    }
    bool is_answered() const {
        return answer_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
    // Waits up to ten seconds; status 0 when no answer came.
    HttpResponse answer() {
        if (answer_.wait_for(std::chrono::seconds(10)) != std::future_status::ready)
            return HttpResponse{0, {}, {}, {}};
        return answer_.get();
    }

  private:
    struct Taker final : Responder::Exchange {
        void answer(HttpResponse response) override { promise.set_value(std::move(response)); }
        std::promise<HttpResponse> promise;
    };
    std::future<HttpResponse> answer_;
};

}  // namespace parley
