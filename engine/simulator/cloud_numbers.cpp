// The numbers of an account: listing them, adding one, the steps of its life; tokens.
#include <algorithm>

#include "simulator/cloud.hpp"
#include "simulator/graph_access.hpp"
#include "simulator/paging.hpp"

namespace parley::sim {
namespace {

constexpr std::size_t max_numbers = 1000;
constexpr int number_is_taken = 2388012;

// What Graph tells of a number when it is not asked for certain fields.
const std::vector<std::string> default_fields{"verified_name",
                                              "code_verification_status",
                                              "display_phone_number",
                                              "quality_rating",
                                              "platform_type",
                                              "throughput",
                                              "status"};

GraphError unsupported(const GraphCall& call) {
    std::string method(call.method);
    for (char& c : method) c = static_cast<char>(c | 0x20);
    return parameter_error("Unsupported " + method + " request.");
}

Json describe(const SimulatorNumber& number, const NumberLife& life) {
    Json node{{"verified_name", number.verified_name},
              {"display_phone_number", number.display_phone_number},
              {"quality_rating", "GREEN"},
              {"throughput", {{"level", "STANDARD"}}},
              {"id", number.phone_number_id}};
    life.describe(node, number.waba_id);
    return node;
}

}  // namespace

bool Cloud::is_registered(const std::string& phone_number_id) const {
    const auto life = lives_.find(phone_number_id);
    return life == lives_.end() || life->second.is_registered();
}

bool Cloud::route(WebhookItem& item) const {
    const auto number = std::find_if(
        options_.numbers.begin(), options_.numbers.end(),
        [&](const SimulatorNumber& each) { return each.phone_number_id == item.phone_number_id; });
    if (number == options_.numbers.end() || !subscriptions_.has(number->waba_id)) return false;
    item.url = subscriptions_.url_of(number->waba_id);
    return true;
}

GraphReply Cloud::answer_numbers(const GraphCall& call) {
    if (call.method == "POST") return add_number(call);
    std::vector<std::pair<std::uint64_t, Json>> listed;
    for (std::size_t i = 0; i < options_.numbers.size(); ++i) {
        const SimulatorNumber& number = options_.numbers[i];
        if (number.waba_id != call.node) continue;
        GraphReply picked =
            pick_fields(describe(number, lives_[number.phone_number_id]), call, default_fields);
        auto* body = std::get_if<GraphBody>(&picked);
        if (!body) return picked;
        listed.emplace_back(i + 1, std::move(body->body));
    }
    return page_of(std::move(listed), call);
}

GraphReply Cloud::add_number(const GraphCall& call) {
    const CallParameters given(call);
    if (given.is_broken()) return parameter_error("The request body is not a JSON object.");
    const std::string code = given.text("cc");
    const std::string digits = given.text("phone_number");
    const std::string name = given.text("verified_name");
    if (!is_digits(code) || code.size() > 3)
        return parameter_error("The parameter cc is required: a country code.");
    if (!is_digits(digits) || digits.size() < 4 || code.size() + digits.size() > 15)
        return parameter_error("The parameter phone_number is required: digits without the country code.");
    if (name.size() < 2) return parameter_error("The parameter verified_name is required.");
    for (const SimulatorNumber& number : options_.numbers) {
        if (digits_of(number) != code + digits) continue;
        GraphError error = account_error(100, number_is_taken,
                                         "This phone number is already used by a WhatsApp Business account.");
        return error;
    }
    if (options_.numbers.size() >= max_numbers) return graph_error(80008);
    SimulatorNumber added{"", "+" + code + " " + digits, call.node, "", name};
    for (const SimulatorNumber& number : options_.numbers)
        if (number.waba_id == call.node && !number.access_token.empty())
            added.access_token = bearer_of(call.authorization);
    added.phone_number_id = std::to_string(310'000'000'000'000 + options_.numbers.size());
    lives_.insert_or_assign(added.phone_number_id, NumberLife::added());
    options_.numbers.push_back(added);
    book_.touch();
    announce();
    return GraphBody{{{"id", added.phone_number_id}}};
}

std::string Cloud::next_code() {
    if (!options_.behaviour.verification_code.empty()) return options_.behaviour.verification_code;
    std::string digits;
    for (int i = 0; i < 6; ++i) digits += static_cast<char>('0' + random_.below(10));
    return digits;
}

GraphReply Cloud::answer_number(const GraphCall& call) {
    NumberLife& life = lives_[call.node];
    if (call.edge == "whatsapp_business_profile") return life.profile(call);
    if (call.method == "GET") {
        const SimulatorNumber number = number_of(call.node);
        Json node = describe(number, life);
        if (!node.contains("webhook_configuration"))
            node["webhook_configuration"] = subscriptions_.addresses_of(number.waba_id);
        return pick_fields(node, call, default_fields);
    }
    if (call.method != "POST") return unsupported(call);
    const CallParameters given(call);
    if (given.is_broken()) return parameter_error("The request body is not a JSON object.");
    const WallTime now = clock_.wall();
    book_.touch();
    announce();
    if (call.edge == "request_code")
        return life.request_code(given, now, options_.behaviour.code_life, next_code());
    if (call.edge == "verify_code") return life.verify_code(given, now);
    if (call.edge == "register") return life.enroll(given, now);
    if (call.edge == "deregister") return life.deregister(now);
    return life.change(given);
}

bool Cloud::is_app_token(std::string_view token) const {
    return token == std::string(simulated_app) + '|' + std::string(options_.app_secret.reveal());
}

GraphReply Cloud::debug_token(const GraphCall& call) const {
    const std::string_view caller = bearer_of(call.authorization);
    if (caller.find('|') != std::string_view::npos) {
        if (!is_app_token(caller)) return bad_token();
    } else {
        if (auto error = check_token(call.version, call.authorization)) return std::move(*error);
    }
    const std::string token = query_value(call.query, "input_token");
    if (token.empty()) return parameter_error("The parameter input_token is required.");
    Json accounts = Json::array();
    for (const SimulatorNumber& number : options_.numbers) {
        const bool is_open = number.access_token.empty() || number.access_token == token;
        const bool is_listed = std::find(accounts.begin(), accounts.end(), number.waba_id) != accounts.end();
        if (is_open && !is_listed) accounts.push_back(number.waba_id);
    }
    Json data{{"app_id", simulated_app}, {"type", "SYSTEM_USER"}, {"application", "Simulated app"}};
    const bool is_valid = !accounts.empty() && !options_.behaviour.token_expired;
    data["data_access_expires_at"] = 0;
    data["expires_at"] = 0;
    data["is_valid"] = is_valid;
    if (!is_valid) {
        const GraphError error = options_.behaviour.token_expired ? expired_token() : bad_token();
        data["error"] = {{"code", error.code}, {"message", error.message}, {"subcode", error.subcode}};
        data["scopes"] = Json::array();
        return GraphBody{{{"data", std::move(data)}}};
    }
    data["scopes"] = {"whatsapp_business_management", "whatsapp_business_messaging"};
    for (const char* scope : {"whatsapp_business_management", "whatsapp_business_messaging"})
        data["granular_scopes"].push_back({{"scope", scope}, {"target_ids", accounts}});
    return GraphBody{{{"data", std::move(data)}}};
}

Json Cloud::list_codes() const {
    Json list = Json::array();
    for (const SimulatorNumber& number : options_.numbers) {
        const auto life = lives_.find(number.phone_number_id);
        Json code = life == lives_.end() ? Json(nullptr) : life->second.last_code(clock_.wall());
        if (code.is_null()) continue;
        Json item{{"phone_number_id", number.phone_number_id},
                  {"display_phone_number", number.display_phone_number}};
        item.update(code);
        list.push_back(std::move(item));
    }
    return list;
}

Json Cloud::codes() const {
    const std::lock_guard lock(mutex_);
    return {{"codes", list_codes()}};
}

Result<> Cloud::change_number(const Json& request) {
    const std::lock_guard lock(mutex_);
    const SimulatorNumber* number = number_for(text_of(request, "phone_number_id"));
    if (!number) return Error(Errc::not_found, "phone_number_id: the simulator has no such number");
    const Json* facts = member(request, "facts");
    if (!facts || !facts->is_object())
        return Error(Errc::invalid_input, "facts: expected an object of the number's fields");
    const std::string wrong = lives_[number->phone_number_id].show_as(*facts);
    if (!wrong.empty()) return Error(Errc::invalid_input, "facts: " + wrong);
    book_.touch();
    announce();
    return {};
}

}  // namespace parley::sim
