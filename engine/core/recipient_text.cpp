#include "core/recipient_text.hpp"

namespace parley {

std::string phone_digits(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (std::string_view("+ -().").find(c) == std::string_view::npos)
            return {};
    }
    return digits;
}

Recipient to_recipient(std::string_view text) {
    Recipient recipient;
    recipient.wa_id = phone_digits(text);
    if (recipient.wa_id.empty()) recipient.user_id = text;
    return recipient;
}

}  // namespace parley
