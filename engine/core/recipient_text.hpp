// A recipient as people write it: a phone number in their spelling, or Meta's id of a user.
#pragma once

#include <string>
#include <string_view>

#include "core/outbound.hpp"

namespace parley {

// The digits of a number as people write it; empty when it is none.
std::string phone_digits(std::string_view text);

Recipient to_recipient(std::string_view text);

}  // namespace parley
