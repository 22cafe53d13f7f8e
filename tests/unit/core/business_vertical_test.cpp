#include "core/business_vertical.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(BusinessVertical, takes_metas_words_and_free_ones) {
    EXPECT_EQ(to_vertical("FINANCE").value(), "FINANCE");
    EXPECT_EQ(to_vertical("bank").value(), "FINANCE");
    EXPECT_EQ(to_vertical("technology").value(), "PROF_SERVICES");
    EXPECT_EQ(to_vertical("Prof_Services").value(), "PROF_SERVICES");
    EXPECT_EQ(to_vertical("e-commerce").value(), "RETAIL");
    EXPECT_EQ(to_vertical("Shopping & Retail").value(), "RETAIL");
    EXPECT_EQ(to_vertical("Non-profit").value(), "NONPROFIT");
    EXPECT_EQ(to_vertical("OTC drugs").value(), "OTC_DRUGS");
}

TEST(BusinessVertical, an_unknown_word_is_answered_with_the_possible_ones) {
    const auto near = to_vertical("finanse");
    ASSERT_FALSE(near);
    EXPECT_EQ(near.error().code(), Errc::invalid_input);
    EXPECT_NE(near.error().message().find("did you mean \"finance\"?"), std::string::npos);
    EXPECT_NE(near.error().message().find("OTHER, AUTO, BEAUTY"), std::string::npos);

    const auto far = to_vertical("xyzzy plugh");
    ASSERT_FALSE(far);
    EXPECT_EQ(far.error().message().find("did you mean"), std::string::npos);
    EXPECT_NE(far.error().message().find("OTC_DRUGS"), std::string::npos);
    EXPECT_FALSE(to_vertical(""));
    EXPECT_FALSE(to_vertical("fin"));
}

}  // namespace
}  // namespace parley
