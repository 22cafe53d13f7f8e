// Plays Meta's webhook sender: builds envelopes, signs them, posts them, and can be told to insist.
#pragma once

#include <future>
#include <string>
#include <vector>

#include "base/crypto/hmac.hpp"
#include "base/json_text.hpp"
#include "net/curl_client.hpp"

namespace parley::scenario {

// The n-th user's number.
inline std::string person(int n) {
    const std::string digits = std::to_string(n);
    return "9198" + std::string(8 - digits.size(), '0') + digits;
}

inline std::string text_message(const std::string& from, const std::string& id, const std::string& body) {
    return R"({"from":")" + from + R"(","id":")" + id + R"(","timestamp":")" +
           std::to_string(unix_ms(SystemClock().wall()) / 1000) + R"(","type":"text","text":{"body":)" +
           json_string(body) + "}}";
}

inline std::string status_of(const std::string& wamid, const std::string& to, const std::string& word) {
    return R"({"id":")" + wamid + R"(","status":")" + word + R"(","timestamp":")" +
           std::to_string(unix_ms(SystemClock().wall()) / 1000) + R"(","recipient_id":")" + to + R"("})";
}

// One change of field `messages`; members is `"messages":[…]` or `"statuses":[…]`, or both.
inline std::string change(const std::string& channel, const std::string& members) {
    return R"({"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":")" +
           channel + R"("},)" + members + "}}";
}

inline std::string join(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all.append(all.empty() ? "" : ",").append(part);
    return all;
}

inline std::string envelope(const std::vector<std::string>& changes) {
    return R"({"object":"whatsapp_business_account","entry":[{"id":"2","changes":[)" + join(changes) + "]}]}";
}

class Meta {
  public:
    Meta(std::string url, std::string app_secret)
        : url_(std::move(url)), key_(Secret(std::move(app_secret))) {}

    std::future<HttpOutcome> start(const std::string& body, const std::string& signature) {
        HttpCall call;
        call.method = "POST";
        call.url = url_;
        call.headers = {{"Content-Type", "application/json"}, {"X-Hub-Signature-256", signature}};
        call.body = body;
        auto done = std::make_shared<std::promise<HttpOutcome>>();
        auto outcome = done->get_future();
        http_.start(std::move(call), [done](HttpOutcome o) { done->set_value(std::move(o)); });
        return outcome;
    }
    std::future<HttpOutcome> start(const std::string& body) { return start(body, sign(body)); }

    // The status of the answer; 0 when there was none.
    int post(const std::string& body) { return status(start(body).get()); }
    int post(const std::string& body, const std::string& signature) {
        return status(start(body, signature).get());
    }
    std::string answer(const std::string& body) {
        HttpOutcome outcome = start(body).get();
        return outcome.reply ? outcome.reply->body : outcome.failure.reason;
    }

    std::string sign(const std::string& body) const { return "sha256=" + to_hex(key_.mac(body)); }

  private:
    static int status(const HttpOutcome& outcome) { return outcome.reply ? outcome.reply->status : 0; }

    std::string url_;
    HmacSha256 key_;
    CurlClient http_{CurlOptions{}};
};

}  // namespace parley::scenario
