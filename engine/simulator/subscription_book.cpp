// Subscriptions of the app.
#include "simulator/subscription_book.hpp"

#include <algorithm>

namespace parley::sim {
namespace {

constexpr std::size_t longest_url = 200;

// Meta takes https only; here engines are tried on loopback.
bool is_webhook_url(const std::string& url) {
    return (url.starts_with("https://") || url.starts_with("http://")) && url.size() <= longest_url;
}

std::vector<std::string> split(const std::string& names) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find(',', at), names.size());
        if (end > at) parts.push_back(names.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

}  // namespace

bool SubscriptionBook::has(const std::string& waba_id) const {
    return urls_.contains(waba_id) && std::find(fields_.begin(), fields_.end(), "messages") != fields_.end();
}

std::string SubscriptionBook::url_of(const std::string& waba_id) const {
    const auto found = urls_.find(waba_id);
    return found == urls_.end() || found->second.empty() ? app_url_ : found->second;
}

Json SubscriptionBook::addresses_of(const std::string& waba_id) const {
    Json addresses{{"application", app_url_.empty() ? first_url_ : app_url_}};
    const auto found = urls_.find(waba_id);
    if (found != urls_.end() && !found->second.empty())
        addresses["whatsapp_business_account"] = found->second;
    return addresses;
}

void SubscriptionBook::move_app(std::string url, const std::string& fields) {
    app_url_ = std::move(url);
    fields_ = split(fields);
}

GraphReply SubscriptionBook::answer_app(const GraphCall& call) {
    const CallParameters given(call);
    if (given.is_broken()) return parameter_error("The request body is not a JSON object.");
    if (call.method == "GET") {
        Json data = Json::array();
        Json fields = Json::array();
        for (const std::string& name : fields_) fields.push_back({{"name", name}, {"version", call.version}});
        if (!fields_.empty())
            data.push_back({{"object", "whatsapp_business_account"},
                            {"callback_url", app_url_.empty() ? first_url_ : app_url_},
                            {"active", true},
                            {"fields", std::move(fields)}});
        return GraphBody{{{"data", std::move(data)}}};
    }
    if (given.text("object") != "whatsapp_business_account")
        return parameter_error("Param object must be whatsapp_business_account: no other is simulated.");
    if (call.method == "DELETE") {
        fields_.clear();
        return success();
    }
    const std::string url = given.text("callback_url");
    if (!is_webhook_url(url))
        return parameter_error("Param callback_url must be a URL of at most 200 characters.");
    const std::string token = given.text("verify_token");
    if (token.empty()) return parameter_error("The parameter verify_token is required.");
    return Handshake{call.node, url, token, given.text("fields")};
}

GraphReply SubscriptionBook::answer(const GraphCall& call) {
    if (call.method == "DELETE") {
        urls_.erase(call.node);
        return success();
    }
    if (call.method == "GET") {
        Json data = Json::array();
        if (const auto found = urls_.find(call.node); found != urls_.end()) {
            data.push_back(
                {{"whatsapp_business_api_data",
                  {{"id", simulated_app}, {"link", "https://app.example"}, {"name", "Simulated app"}}}});
            if (!found->second.empty()) data.back()["override_callback_uri"] = found->second;
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
    if (!is_webhook_url(url))
        return parameter_error("Param override_callback_uri must be a URL of at most 200 characters.");
    if (token.empty()) return parameter_error("The parameter verify_token is required.");
    return Handshake{call.node, url, token, {}};
}

}  // namespace parley::sim
