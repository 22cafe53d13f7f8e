#include "load/webhooks.hpp"

#include <ctime>

namespace parley::bench {

Webhooks::Webhooks(std::string host, std::string run, std::string phone_number_id, const Secret& app_secret)
    : host_(std::move(host)),
      run_(std::move(run)),
      phone_number_id_(std::move(phone_number_id)),
      hmac_(app_secret) {}

std::string Webhooks::request(unsigned user, std::uint64_t sequence) const {
    const std::string number = std::to_string(sequence);
    const std::string from = "9198" + std::to_string(10'000'000 + user);
    std::string body =
        R"({"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{)"
        R"("messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":")" +
        phone_number_id_ +
        R"("},"contacts":[{"profile":{"name":"Asha \u0936\u0930\u094d\u092e\u093e"},"wa_id":")" + from +
        R"("}],"messages":[{"from":")" + from + R"(","id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQz)" + run_ +
        number + R"(","timestamp":")" + std::to_string(std::time(nullptr)) + R"(","text":{"body":")" +
        number +
        R"( \u0928\u092e\u0938\u094d\u0924\u0947, what is the cashback on fuel and groceries? )"
        R"(I read 5\u0025 \/ 7\u0025 \ud83d\ude00"},"type":"text"}]},"field":"messages"}]}]})";
    return "POST /webhook HTTP/1.1\r\nHost: " + host_ +
           "\r\nAccept: */*\r\nContent-Type: application/json\r\nUser-Agent: facebookexternalua\r\n"
           "X-Hub-Signature-256: sha256=" +
           to_hex(hmac_.mac(body)) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace parley::bench
