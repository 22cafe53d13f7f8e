#include "core/ids.hpp"

#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>

namespace parley {
namespace {

static_assert(!std::is_convertible_v<std::string, MessageId>, "an id is named where it is made");
static_assert(!std::is_constructible_v<PhoneNumberId, DeploymentId>, "no id stands for another");
static_assert(!std::is_convertible_v<ItemSeq, OutboundId>);

TEST(Ids, are_equal_when_their_texts_are) {
    EXPECT_EQ(MessageId("a"), MessageId("a"));
    EXPECT_NE(MessageId("a"), MessageId("b"));
    EXPECT_LT(MessageId("a"), MessageId("b"));
    EXPECT_TRUE(MessageId{}.empty());
    const std::unordered_set<MessageId> set{MessageId("a"), MessageId("a"), MessageId("b")};
    EXPECT_EQ(set.size(), 2U);
}

TEST(Ids, of_the_store_keep_all_their_bits) {
    EXPECT_EQ(to_int(ItemSeq{}), 0);
    EXPECT_EQ(to_int(OutboundId{9'007'199'254'740'993}), 9'007'199'254'740'993);
}

}  // namespace
}  // namespace parley
