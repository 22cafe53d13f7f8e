// Codes, PINs and registrations.
#include "simulator/number_life.hpp"

#include <algorithm>

namespace parley::sim {
namespace {

constexpr int already_verified = 2388366;
constexpr int asked_too_often = 2388367;

bool is_six_digits(const std::string& text) {
    return text.size() == 6 && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_language(const std::string& text) {
    return text.size() >= 2 && text.size() <= 10 &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return std::isalpha(c) != 0 || c == '_'; });
}

GraphError verify_error(std::string user_message) {
    return account_error(136025, 0, std::move(user_message));
}

void forget_before(std::deque<WallTime>& times, WallTime since) {
    while (!times.empty() && times.front() <= since) times.pop_front();
}

Json entity(const char* type, const std::string& id, const char* can_send) {
    return {{"entity_type", type}, {"id", id}, {"can_send_message", can_send}};
}

}  // namespace

NumberLife NumberLife::added() {
    NumberLife life;
    life.is_verified_ = false;
    life.is_registered_ = life.was_registered_ = false;
    life.facts_ = {{"name_status", "PENDING_REVIEW"}};
    return life;
}

GraphReply NumberLife::request_code(const CallParameters& given, WallTime now, Millis code_life,
                                    std::string digits) {
    const std::string method = given.text("code_method");
    if (method != "SMS" && method != "VOICE")
        return parameter_error("Param code_method must be one of {SMS, VOICE} - got \"" + method + "\".");
    if (!is_language(given.text("language"))) return parameter_error("The parameter language is required.");
    if (is_verified_)
        return account_error(136024, already_verified,
                             "This phone number is already verified. Register it to use it.");
    forget_before(code_requests_, now - limit_window);
    if (code_requests_.size() >= most_codes)
        return account_error(136024, asked_too_often,
                             "You have asked for a verification code too many times. Try again later.");
    code_requests_.push_back(now);
    code_ = Code{std::move(digits), method, given.text("language"), now + code_life};
    return success();
}

GraphReply NumberLife::verify_code(const CallParameters& given, WallTime now) {
    const std::string digits = given.text("code");
    if (digits.empty()) return parameter_error("The parameter code is required.");
    if (!code_) return verify_error("No verification code was asked for. Ask for one first.");
    if (code_->expires <= now) return verify_error("The verification code has expired. Ask for a new one.");
    if (digits != code_->digits) return verify_error("The verification code is not right. Check it.");
    code_.reset();
    is_verified_ = true;
    return success();
}

bool NumberLife::takes_registration(WallTime now) {
    forget_before(registrations_, now - limit_window);
    if (registrations_blocked_ && *registrations_blocked_ <= now) registrations_blocked_.reset();
    if (registrations_blocked_) return false;
    if (registrations_.size() >= most_registrations) {
        registrations_blocked_ = now + limit_window;
        return false;
    }
    registrations_.push_back(now);
    return true;
}

GraphReply NumberLife::enroll(const CallParameters& given, WallTime now) {
    if (given.text("messaging_product") != "whatsapp")
        return parameter_error("The parameter messaging_product is required.");
    const std::string pin = given.text("pin");
    if (!is_six_digits(pin)) return parameter_error("Param pin must be a 6-digit number.");
    if (!takes_registration(now)) return graph_error(133016);
    if (!is_verified_) return graph_error(133006);
    if (pins_blocked_ && *pins_blocked_ > now) return graph_error(133008);
    if (!pin_.empty() && pin != pin_) {
        if (++wrong_pins_ < most_wrong_pins) return graph_error(133005);
        wrong_pins_ = 0;
        pins_blocked_ = now + pin_pause;
        return graph_error(133008);
    }
    pins_blocked_.reset();
    wrong_pins_ = 0;
    pin_ = pin;
    region_ = given.text("data_localization_region");
    is_registered_ = was_registered_ = true;
    return success();
}

GraphReply NumberLife::deregister(WallTime now) {
    if (!takes_registration(now)) return graph_error(133016);
    if (!is_registered_) return graph_error(133010);
    is_registered_ = false;
    return success();
}

GraphReply NumberLife::change(const CallParameters& given) {
    const std::string pin = given.text("pin");
    if (pin.empty()) return parameter_error("Only the parameter pin is simulated here.");
    if (!is_six_digits(pin)) return parameter_error("Param pin must be a 6-digit number.");
    pin_ = pin;
    return success();
}

std::string NumberLife::show_as(const Json& facts) {
    Json fields = Json::object();
    describe(fields, "");
    for (const char* key :
         {"verified_name", "quality_rating", "platform_type", "throughput", "webhook_configuration"})
        fields[key] = nullptr;
    for (const auto& [key, value] : facts.items())
        if (!fields.contains(key) || key == "id") return "a number has no field " + key;
    for (const auto& [key, value] : facts.items()) facts_[key] = value;
    return {};
}

void NumberLife::describe(Json& number, const std::string& waba_id) const {
    const std::string id = text_of(number, "id");
    number["code_verification_status"] = is_verified_ ? "VERIFIED" : "NOT_VERIFIED";
    number["platform_type"] = is_registered_ ? "CLOUD_API" : "NOT_APPLICABLE";
    number["status"] = is_registered_ ? "CONNECTED" : was_registered_ ? "DISCONNECTED" : "PENDING";
    number["name_status"] = "APPROVED";
    number["account_mode"] = "LIVE";
    number["is_pin_enabled"] = !pin_.empty();
    number["is_official_business_account"] = false;
    number["whatsapp_business_manager_messaging_limit"] = "TIER_2K";
    number["messaging_limit_tier"] = "TIER_2K";
    Json self = entity("PHONE_NUMBER", id, is_registered_ ? "AVAILABLE" : "BLOCKED");
    if (!is_registered_)
        self["errors"] = Json::array({{{"error_code", 133010},
                                       {"error_description", "The phone number is not registered."},
                                       {"possible_solution", "Register the phone number."}}});
    number["health_status"] = {
        {"can_send_message", is_registered_ ? "AVAILABLE" : "BLOCKED"},
        {"entities", Json::array({std::move(self), entity("WABA", waba_id, "AVAILABLE"),
                                  entity("BUSINESS", "500000000000001", "AVAILABLE"),
                                  entity("APP", "600000000000001", "AVAILABLE")})}};
    for (const auto& [key, value] : facts_.items()) number[key] = value;
}

Json NumberLife::last_code(WallTime now) const {
    if (!code_) return nullptr;
    const auto left = std::max<std::int64_t>(0, unix_ms(code_->expires) - unix_ms(now));
    return {{"method", code_->method},
            {"language", code_->language},
            {"code", code_->digits},
            {"state", left > 0 ? "waiting" : "expired"},
            {"expires_in_ms", left}};
}

void NumberLife::forget_limits() {
    code_requests_.clear();
    registrations_.clear();
    registrations_blocked_.reset();
    pins_blocked_.reset();
    wrong_pins_ = 0;
}

}  // namespace parley::sim
