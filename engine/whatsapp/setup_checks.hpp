// What Meta would refuse is refused before it is called: numbers, codes, PINs, profiles, override URLs.
#pragma once

#include <optional>
#include <string>

#include "core/phone_setup.hpp"

namespace parley {

using SetupRefusal = std::optional<SetupFailure>;  // none: it is right

SetupRefusal check_token(const Secret& token);
SetupRefusal check_waba(const std::string& waba_id);
SetupRefusal check_number_id(const PhoneNumberId& number);
SetupRefusal check_pin(const Secret& pin);
SetupRefusal check_region(const std::string& region);
SetupRefusal check_language(const std::string& language);

// `is_local`: the Graph API is a stand-in on plain HTTP, so that the URL may be one, too.
SetupRefusal check_override(const WebhookOverride& override_with, bool is_local);

// Also brings the digits, the vertical and the code into Meta's form.
SetupRefusal prepare_number(NewNumber& number);
SetupRefusal prepare_profile(BusinessProfile& profile);
SetupRefusal prepare_code(Secret& code);

// The digits of a number in any spelling; empty when other letters are among them.
std::string digits_in(std::string_view phone_number);

}  // namespace parley
