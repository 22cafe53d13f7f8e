#include "whatsapp/setup_checks.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "core/business_vertical.hpp"
#include "whatsapp/graph_call.hpp"

namespace parley {
namespace {

constexpr std::size_t longest_name = 75;
constexpr std::size_t longest_override = 200;
constexpr std::size_t longest_verify_token = 256;
constexpr std::size_t most_websites = 2;

SetupFailure wrong(std::string meaning, std::string remedy) {
    return refuse_setup(Errc::invalid_input, std::move(meaning), std::move(remedy));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_web_address(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://");
}

SetupRefusal check_length(const char* what, const std::optional<std::string>& text, std::size_t least,
                          std::size_t most) {
    if (!text) return std::nullopt;
    const std::size_t length = utf16_units(*text);
    if (length >= least && length <= most) return std::nullopt;
    return wrong(std::string(what) + " has " + std::to_string(length) + " characters; Meta takes " +
                     std::to_string(least) + " to " + std::to_string(most),
                 std::string("change ") + what);
}

}  // namespace

SetupRefusal check_token(const Secret& token) {
    if (!token.empty()) return std::nullopt;
    return refuse_setup(Errc::unauthorized, "the account has no access token",
                        "give the account the token of a system user, or set whatsapp.access_token");
}

SetupRefusal check_waba(const std::string& waba_id) {
    if (is_path_safe(waba_id)) return std::nullopt;
    return wrong("the waba_id is missing or no id",
                 "give the id of the WhatsApp Business Account, digits, as waba_id");
}

SetupRefusal check_number_id(const PhoneNumberId& number) {
    if (is_path_safe(number.str())) return std::nullopt;
    return wrong("the phone_number_id is missing or no id",
                 "give the id that Meta gave the number, digits, as phone_number_id");
}

SetupRefusal check_pin(const Secret& pin) {
    const std::string_view digits = pin.reveal();
    if (digits.size() == 6 && std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    return wrong("the PIN is not six digits", "give the six digits of the two-step verification");
}

SetupRefusal check_region(const std::string& region) {
    const bool is_country = region.size() == 2 && std::all_of(region.begin(), region.end(),
                                                              [](char c) { return c >= 'A' && c <= 'Z'; });
    if (region.empty() || is_country) return std::nullopt;
    return wrong("the data localisation region is no country code", "give two capital letters, as IN or DE");
}

SetupRefusal check_language(const std::string& language) {
    const bool is_code =
        language.size() >= 2 && language.size() <= 10 &&
        std::all_of(language.begin(), language.end(), [](char c) { return is_letter(c) || c == '_'; });
    if (is_code) return std::nullopt;
    return wrong("the language of the code is no language code", "give one as en_US, de or pt_BR");
}

SetupRefusal check_override(const WebhookOverride& override_with, bool is_local) {
    const std::string& url = override_with.url;
    const bool is_url = is_local ? is_web_address(url) : url.starts_with("https://");
    const bool is_clean =
        std::none_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
    if (!is_url || !is_clean || url.size() > longest_override)
        return wrong("Meta takes no such webhook URL", "give an https URL of at most 200 characters");
    if (override_with.verify_token.empty() ||
        override_with.verify_token.reveal().size() > longest_verify_token)
        return wrong("a webhook URL of its own needs a verify token", "give one of 1 to 256 characters");
    return std::nullopt;
}

SetupRefusal prepare_number(NewNumber& number) {
    const std::string code = digits_in(number.country_code);
    const std::string digits = digits_in(number.number);
    if (code.empty() || code.size() > 3 || code.front() == '0')
        return wrong("the country code is missing or wrong", "give 1 to 3 digits, as 91 or 49");
    if (digits.size() < 4 || code.size() + digits.size() > 15)
        return wrong("the phone number is missing or wrong",
                     "give the digits after the country code, 15 with it at most");
    if (auto refused = check_length("the name", number.verified_name, 2, longest_name)) return refused;
    number.country_code = code;
    number.number = digits;
    return std::nullopt;
}

SetupRefusal prepare_code(Secret& code) {
    std::string digits;
    for (const char c : code.reveal())
        if (c != '-' && c != ' ') digits += c;
    const bool is_code = digits.size() == 6 && std::all_of(digits.begin(), digits.end(), is_digit);
    code = Secret(std::move(digits));
    if (is_code) return std::nullopt;
    return wrong("the verification code is not six digits", "give the six digits of the message or call");
}

SetupRefusal prepare_profile(BusinessProfile& profile) {
    if (auto refused = check_length("about", profile.about, 1, 139)) return refused;
    if (auto refused = check_length("address", profile.address, 0, 256)) return refused;
    if (auto refused = check_length("description", profile.description, 0, 256)) return refused;
    if (auto refused = check_length("email", profile.email, 0, 128)) return refused;
    if (profile.email && !profile.email->empty() && profile.email->find('@') == std::string::npos)
        return wrong("the email is no address", "give one as help@example.com");
    if (profile.websites) {
        const bool is_right =
            profile.websites->size() <= most_websites &&
            std::all_of(profile.websites->begin(), profile.websites->end(), [](const std::string& url) {
                return is_web_address(url) && utf16_units(url) <= 256;
            });
        if (!is_right)
            return wrong(
                "Meta takes no such websites",
                "give at most 2 addresses that begin with https:// or http://, of at most 256 characters");
    }
    if (!profile.vertical) return std::nullopt;
    auto vertical = to_vertical(*profile.vertical);
    if (!vertical) return wrong(vertical.error().message(), "give one of these words as the industry");
    profile.vertical = std::move(*vertical);
    return std::nullopt;
}

std::string digits_in(std::string_view phone_number) {
    std::string digits;
    for (const char c : phone_number) {
        if (is_digit(c))
            digits += c;
        else if (std::string_view("+ -().").find(c) == std::string_view::npos)
            return {};
    }
    return digits;
}

}  // namespace parley
