#include "core/person_names.hpp"

#include <gtest/gtest.h>

#include "core/refused_posts.hpp"

namespace parley {
namespace {

const PersonNames asha{{ConversationId{17}, ConversationId{3}}, {"919876543210", "IN.81A2b", "911"}};

TEST(PersonNames, are_found_as_whole_words_only) {
    for (const char* text : {"919876543210", "+919876543210", "cart/919876543210/items", "a IN.81A2b b",
                             R"({"from":"919876543210"})", "9198765432100 and 919876543210"})
        EXPECT_TRUE(names_person(text, asha)) << text;
    for (const char* text : {"", "9198765432101", "1919876543210", "x919876543210", "IN.81A2bc", "in.81a2b",
                             "911", "call 911", "91987654321"})
        EXPECT_FALSE(names_person(text, asha)) << text;
}

TEST(PersonNames, own_keys_that_name_them_or_their_conversation) {
    for (const char* key :
         {"919876543210", "cart:IN.81A2b", "conversation/17", "conversation/17/mood", "conversation/3/a/b"})
        EXPECT_TRUE(is_key_of(key, asha)) << key;
    for (const char* key : {"", "17", "order/17", "conversation/171", "conversation/", "conversation/4",
                            "conversation/17x", "old/conversation/17"})
        EXPECT_FALSE(is_key_of(key, asha)) << key;
}

TEST(RefusedPosts, that_name_a_person_are_forgotten) {
    RefusedPosts posts;
    posts.note(WallTime{}, "::1", R"({"from":"919876543210"})", 401, "signature mismatch");
    posts.note(WallTime{}, "::1", R"({"from":"919876543211"})", 401, "signature mismatch");
    EXPECT_EQ(posts.forget(asha), 1U);
    EXPECT_FALSE(posts.find(1));
    EXPECT_TRUE(posts.find(2));
}

TEST(RefusedPosts, are_kept_as_they_are_told_to) {
    RefusedPosts posts;
    const auto note = [&](const std::string& body) { posts.note(WallTime{}, "::1", body, 401, "no"); };
    for (int i = 0; i < 5; ++i) note("as it came");
    EXPECT_EQ(posts.find(5)->body, "as it came");
    posts.use({3, [](std::string_view body, WallTime) { return "len " + std::to_string(body.size()); }});
    EXPECT_EQ(posts.page(0, 10, "").size(), 3U) << "the older ones went at once";
    note("masked");
    EXPECT_EQ(posts.page(0, 10, "").size(), 3U);
    EXPECT_EQ(posts.find(6)->body, "len 6");
    note(std::string(9'000, 'x'));
    EXPECT_EQ(posts.find(7)->body, "len 4160") << "a little more is seen than is kept";
    EXPECT_EQ(posts.find(7)->bytes, 9'000U);
    posts.use({10, [](std::string_view body, WallTime) { return std::string(body) + "!"; }});
    note(std::string(9'000, 'x'));
    EXPECT_EQ(posts.find(8)->body.size(), RefusedPosts::most_body);
    posts.use({0, {}});
    note("nothing");
    EXPECT_TRUE(posts.page(0, 10, "").empty());
}

}  // namespace
}  // namespace parley
