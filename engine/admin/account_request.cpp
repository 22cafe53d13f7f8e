#include "admin/account_request.hpp"

#include <algorithm>

#include "base/suggestion.hpp"
#include "core/agent_events.hpp"
#include "core/business_vertical.hpp"
#include "core/recipient_text.hpp"

namespace parley {
namespace {

using nlohmann::json;

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_account_id(std::string_view text) {
    static constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.front() != '_' &&
           text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_url(std::string_view text) {
    const bool has_scheme = text.starts_with("http://") || text.starts_with("https://");
    return has_scheme && text.size() > 8 && text.find_first_of(" \t\r\n\"<>") == std::string_view::npos;
}

void read_profile(BodyReader& body, NewAccount& order) {
    if (!body.has("business_profile")) return;
    if (!body.object()["business_profile"].is_object())
        return body.wrong("business_profile", "expected an object with name, industry and description");
    BodyReader profile(body.object()["business_profile"], "business_profile.", body.mistakes());
    profile.only({"name", "industry", "description", "about", "address", "email", "websites"});
    order.verified_name = profile.text("name", 75);
    const auto take = [&](const char* name, std::size_t most, std::optional<std::string>& into) {
        if (std::string text = profile.text(name, most); !text.empty()) into = std::move(text);
    };
    take("description", 256, order.profile.description);
    take("about", 139, order.profile.about);
    take("address", 256, order.profile.address);
    take("email", 128, order.profile.email);
    if (const std::string industry = profile.text("industry", 64); !industry.empty()) {
        auto vertical = to_vertical(industry);
        if (vertical)
            order.profile.vertical = *std::move(vertical);
        else
            profile.wrong("industry", vertical.error().message());
    }
    if (!profile.has("websites")) return;
    const json& sites = profile.object()["websites"];
    if (!sites.is_array() || sites.size() > 2 ||
        !std::all_of(sites.begin(), sites.end(),
                     [](const json& one) { return one.is_string() && is_url(one.get<std::string>()); }))
        return profile.wrong("websites", "expected a list of at most two http(s) addresses");
    order.profile.websites = sites.get<std::vector<std::string>>();
}

void read_events(BodyReader& webhook) {
    std::string names;
    for (const std::string_view one : agent_events) names.append(names.empty() ? "" : ", ").append(one);
    const json& events = webhook.object()["events"];
    if (!events.is_array()) return webhook.wrong("events", "expected a list of names, out of " + names);
    bool has_messages = false;
    for (const json& one : events) {
        const std::string name = one.is_string() ? one.get<std::string>() : one.dump();
        if (std::find(agent_events.begin(), agent_events.end(), name) == agent_events.end())
            return webhook.wrong("events",
                                 "\"" + name.substr(0, 64) + "\" is not known; the names are " + names);
        has_messages = has_messages || name == message_received;
    }
    if (!has_messages)
        webhook.wrong(
            "events",
            "message.received is missing: messages always reach the agent. Add it; or pause the account, "
            "to keep them");
}

void read_webhook(BodyReader& body) {
    if (!body.has("webhook_config")) return;
    if (!body.object()["webhook_config"].is_object())
        return body.wrong("webhook_config", "expected an object with url and events");
    BodyReader webhook(body.object()["webhook_config"], "webhook_config.", body.mistakes());
    webhook.only({"url", "events"});
    if (const std::string url = webhook.text("url", 200); !url.empty() && !is_url(url))
        webhook.wrong("url", "expected an http(s) address");
    if (!webhook.has("events")) return;
    read_events(webhook);
}

void read_agent(BodyReader& body, NewAccount& order) {
    order.agent = body.text("agent", 128);
    if (order.agent.find('/') != std::string::npos || order.agent.ends_with(".so"))
        body.wrong("agent",
                   "name it by its id, as GET /api/agents lists it; paths are for the configuration file");
    json config = json::object();
    if (body.has("config")) config = body.object()["config"];
    if (!config.is_object()) return body.wrong("config", "expected an object");
    if (body.has("agent_webhook_url")) {
        const std::string url = body.text("agent_webhook_url", 2048);
        if (!is_url(url)) return body.wrong("agent_webhook_url", "expected an http(s) address");
        if (!order.agent.empty() && order.agent != "http-forwarder")
            return body.wrong("agent_webhook_url", "means the agent http-forwarder; remove it, or `agent`");
        if (config.contains("url"))
            return body.wrong("config.url", "is what agent_webhook_url says; remove one of them");
        order.agent = "http-forwarder";
        config["url"] = url;
    }
    if (order.agent.empty() && !body.has("agent"))
        body.wrong("agent", "is missing: write the id of an agent, or agent_webhook_url");
    order.config_json = config.dump(-1, ' ', false, json::error_handler_t::replace);
}

void read_number(BodyReader& body, NewAccount& order) {
    order.channel = PhoneNumberId(body.digits("phone_number_id"));
    order.waba_id = body.digits("waba_id");
    if (body.has("phone_number")) {
        order.phone_number = phone_digits(body.text("phone_number", 32));
        if (order.phone_number.size() < 8 || order.phone_number.size() > 15)
            body.wrong("phone_number", "expected a number with its country code, as +919800000100");
    } else if (!body.has("phone_number_id")) {
        body.wrong("phone_number",
                   "is missing: write the number with its country code, or its phone_number_id");
    }
    if (body.has("pin")) {
        order.pin = body.secret("pin");
        if (order.pin.reveal().size() != 6 || !is_digits(order.pin.reveal()))
            body.wrong("pin", "expected six digits");
    }
}

}  // namespace

BodyReader::BodyReader(std::string_view body) {
    json parsed = json::parse(body, nullptr, false);
    if (parsed.is_object())
        json_ = std::move(parsed);
    else
        mistakes_->push_back({"", "The body must be a JSON object."});
}

BodyReader::BodyReader(json object, std::string path, std::vector<FieldMistake>& mistakes)
    : mistakes_(&mistakes), json_(std::move(object)), path_(std::move(path)) {}

void BodyReader::wrong(const std::string& name, std::string message) {
    mistakes_->push_back({path_ + name, std::move(message)});
}

std::string BodyReader::text(const std::string& name, std::size_t most) {
    if (!has(name)) return {};
    const json& value = json_[name];
    if (value.is_number_integer()) return value.dump();
    if (!value.is_string()) {
        wrong(name, "expected a text");
        return {};
    }
    const auto& text = value.get_ref<const std::string&>();
    if (text.empty())
        wrong(name, "is empty");
    else if (text.size() > most)
        wrong(name, "is longer than " + std::to_string(most) + " bytes");
    else if (std::any_of(text.begin(), text.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }))
        wrong(name, "holds a control character");
    else
        return text;
    return {};
}

std::string BodyReader::digits(const std::string& name) {
    const std::string value = text(name, 32);
    if (value.empty() || is_digits(value)) return value;
    wrong(name, "expected Meta's id, which has digits only");
    return {};
}

Secret BodyReader::secret(const std::string& name) {
    return Secret(text(name, 4096));
}

DeploymentId BodyReader::account_id() {
    must_have("account_id");
    const std::string id = text("account_id", 63);
    if (id.empty() || is_account_id(id)) return DeploymentId(id);
    wrong("account_id", "expected letters, digits, - and _, at most 63, beginning with a letter or a digit");
    return {};
}

void BodyReader::must_have(const std::string& name) {
    if (!has(name)) wrong(name, "is missing");
}

void BodyReader::only(const std::vector<std::string_view>& known) {
    for (const auto& [name, value] : json_.items()) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string_view meant = nearest(name, known);
        wrong(name.substr(0, 64), meant.empty()
                                      ? "is not known here"
                                      : "is not known. Did you mean \"" + std::string(meant) + "\"?");
    }
}

AccountFailure refused(std::vector<FieldMistake> mistakes) {
    AccountFailure failure(Errc::invalid_input, "");
    for (const FieldMistake& one : mistakes) {
        if (!failure.message.empty()) failure.message += "; ";
        failure.message += one.field.empty() ? one.message : one.field + ": " + one.message;
    }
    failure.fields = std::move(mistakes);
    return failure;
}

const std::vector<std::string_view>& account_fields() {
    static const std::vector<std::string_view> fields{
        "account_id",        "phone_number",    "business_profile", "webhook_config",
        "agent_webhook_url", "phone_number_id", "waba_id",          "access_token",
        "app_secret",        "agent",           "config",           "pin"};
    return fields;
}

AccountResult<NewAccount> read_new_account(std::string_view text) {
    BodyReader body(text);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    NewAccount order;
    body.only(account_fields());
    order.id = body.account_id();
    read_number(body, order);
    order.access_token = body.secret("access_token");
    order.app_secret = body.secret("app_secret");
    read_profile(body, order);
    read_webhook(body);
    read_agent(body, order);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    json details = json::object();
    for (const char* shown : {"phone_number", "business_profile", "webhook_config"})
        if (body.has(shown)) details[shown] = body.object()[shown];
    order.details_json = details.dump(-1, ' ', false, json::error_handler_t::replace);
    order.request_json = body.object().dump(-1, ' ', false, json::error_handler_t::replace);
    return order;
}

AccountResult<CodeRequest> read_code_request(std::string_view text) {
    BodyReader body(text);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    body.only({"account_id", "verification_method", "language"});
    CodeRequest request{body.account_id(), CodeMethod::sms, "en_US"};
    if (body.has("verification_method")) {
        const std::string method = body.text("verification_method", 16);
        if (method == "voice" || method == "VOICE")
            request.method = CodeMethod::voice;
        else if (method != "sms" && method != "SMS")
            body.wrong("verification_method", "expected sms or voice");
    }
    if (body.has("language")) request.language = body.text("language", 16);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    return request;
}

AccountResult<CodeAnswer> read_code_answer(std::string_view text) {
    BodyReader body(text);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    body.only({"account_id", "verification_code", "verification_method"});
    CodeAnswer answer{body.account_id(), Secret(phone_digits(body.text("verification_code", 16)))};
    body.must_have("verification_code");
    if (body.has("verification_code") && answer.code.reveal().size() != 6)
        body.wrong("verification_code", "expected the six digits that WhatsApp sent to the number");
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    return answer;
}

}  // namespace parley
