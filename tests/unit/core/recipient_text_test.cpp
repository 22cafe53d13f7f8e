#include "core/recipient_text.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(RecipientText, is_a_number_in_any_spelling_or_an_id_of_whatsapps) {
    for (const char* number : {"919800000100", "+91 98000-00100", "+91 (98000) 00.100"})
        EXPECT_EQ(phone_digits(number), "919800000100") << number;
    for (const char* none : {"", "call me", "91x", "+91/98"}) EXPECT_EQ(phone_digits(none), "") << none;
    EXPECT_EQ(to_recipient("+91 98").wa_id, "9198");
    EXPECT_EQ(to_recipient("+91 98").user_id, "");
    EXPECT_EQ(to_recipient("IN.4812").user_id, "IN.4812");
    EXPECT_EQ(to_recipient("IN.4812").wa_id, "");
}

}  // namespace
}  // namespace parley
