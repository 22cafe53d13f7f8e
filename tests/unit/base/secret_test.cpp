#include "base/secret.hpp"

#include <ostream>
#include <sstream>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "base/log.hpp"

namespace parley {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
    out << value;
};
template <class T>
concept Loggable = requires(const T& value) {
    LogField{"token", value};
};

static_assert(Streamable<std::string> && Loggable<std::string>);
static_assert(!Streamable<Secret>, "a secret must not be printable");
static_assert(!Loggable<Secret>, "a secret must not be a field of the log");
static_assert(!std::is_convertible_v<Secret, std::string> &&
              !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>, "what becomes a secret is written out");

TEST(Secret, gives_its_text_only_when_asked) {
    const Secret secret{"hunter2"};
    EXPECT_EQ(secret.reveal(), "hunter2");
    EXPECT_FALSE(secret.empty());
    EXPECT_TRUE(Secret{}.empty());
}

TEST(Secret, compares_with_a_candidate_exactly) {
    const Secret secret{"hunter2"};
    EXPECT_TRUE(secret.equals("hunter2"));
    for (const char* wrong : {"", "hunter", "hunter3", "Hunter2", "hunter22"})
        EXPECT_FALSE(secret.equals(wrong)) << wrong;
    EXPECT_FALSE(secret.equals(std::string_view("hunter2\0", 8)));
}

TEST(Secret, leaves_nothing_behind_where_it_was_moved_from) {
    for (const std::string& text : {std::string("short"), std::string(200, 'x')}) {
        Secret from{text};
        const Secret to{std::move(from)};
        EXPECT_EQ(to.reveal(), text);
        EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): a moved-from secret is empty
        Secret second{"other"};
        Secret third{text};
        second = std::move(third);
        EXPECT_EQ(second.reveal(), text);
        EXPECT_TRUE(third.empty());  // NOLINT(bugprone-use-after-move)
    }
}

TEST(Secret, wipes_its_bytes_when_it_is_overwritten) {
    Secret secret{std::string(200, 'x')};
    const char* const bytes = secret.reveal().data();
    secret = Secret{"y"};
    // Assigning a short text reuses the buffer of the long one, so it can still be looked at.
    ASSERT_EQ(secret.reveal().data(), bytes);
    EXPECT_EQ(std::string(bytes + 2, 198), std::string(198, '\0'));
}

TEST(Secret, survives_assignment_to_itself) {
    Secret secret{"hunter2"};
    Secret& same = secret;
    secret = same;
    EXPECT_EQ(secret.reveal(), "hunter2");
    secret = std::move(same);
    EXPECT_EQ(secret.reveal(), "hunter2");
}

}  // namespace
}  // namespace parley
