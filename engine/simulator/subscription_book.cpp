// Subscriptions of the app.
#include "simulator/subscription_book.hpp"

namespace parley::sim {
namespace {

constexpr std::size_t longest_url = 200;

}  // namespace

GraphReply SubscriptionBook::answer(const GraphCall& call) {
    if (call.method == "DELETE") {
        urls_.erase(call.node);
        return success();
    }
    if (call.method == "GET") {
        Json data = Json::array();
        if (has(call.node)) {
            data.push_back(
                {{"whatsapp_business_api_data",
                  {{"id", "600000000000001"}, {"link", "https://app.example"}, {"name", "Simulated app"}}}});
            const std::string url = url_of(call.node);
            if (!url.empty()) data.back()["override_callback_uri"] = url;
        }
        return GraphBody{{{"data", std::move(data)}}};
    }
    const CallParameters given(call);
    if (given.is_broken()) return parameter_error("The request body is not a JSON object.");
    const std::string url = given.text("override_callback_uri");
    if (url.empty()) {
        subscribe(call.node);
        return success();
    }
    const std::string token = given.text("verify_token");
    // Meta takes https only; here engines are tried on loopback.
    const bool is_url = url.starts_with("https://") || url.starts_with("http://");
    if (!is_url || url.size() > longest_url)
        return parameter_error("Param override_callback_uri must be a URL of at most 200 characters.");
    if (token.empty()) return parameter_error("The parameter verify_token is required.");
    return Handshake{call.node, url, token};
}

}  // namespace parley::sim
