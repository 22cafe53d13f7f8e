#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(Base64, writes_the_vectors_of_rfc_4648) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foo"), "Zm9v");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, reads_back_every_byte) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    }
}

TEST(Base64, refuses_what_is_none) {
    for (const char* text : {"Zg=", "Zg", "Z===", "Zg==Zg==", "Zm 9", "Zm9-", "Zh==", "====", "Zm9v\n"})
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

TEST(Base64, has_a_form_for_urls) {
    EXPECT_EQ(to_base64url("\xfb\xff\xfe?"), "-__-Pw");
    EXPECT_EQ(to_base64url(""), "");
}

}  // namespace
}  // namespace parley
