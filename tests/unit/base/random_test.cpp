#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "fakes/fake_random.hpp"

namespace parley {
namespace {

class SameByte final : public Random {
  public:
    explicit SameByte(unsigned char byte) : byte_(byte) {}
    void fill(std::span<unsigned char> out) override { std::fill(out.begin(), out.end(), byte_); }

  private:
    unsigned char byte_;
};

// The first ten digits are the example of the ULID specification; the rest was computed apart from this code.
TEST(Ulid, is_made_of_the_time_and_the_given_randomness) {
    FakeRandom random;  // the bytes 1, 2, 3 …
    EXPECT_EQ(make_ulid(from_unix_ms(1'469'922'850'259), random), "01ARZ3NDEK041061050R3GG28A");
}

TEST(Ulid, covers_its_whole_range) {
    SameByte zeros{0};
    SameByte ones{0xFF};
    EXPECT_EQ(make_ulid(from_unix_ms(0), zeros), std::string(26, '0'));
    EXPECT_EQ(make_ulid(from_unix_ms((1LL << 48) - 1), ones), "7" + std::string(25, 'Z'));
}

TEST(Ulid, sorts_by_time_whatever_the_randomness) {
    SameByte lowest{0};
    SameByte highest{0xFF};
    std::string before = make_ulid(from_unix_ms(1'790'000'000'000), highest);
    for (const std::int64_t step : {1, 31, 32, 1'023, 1'000'000}) {
        const std::string after = make_ulid(from_unix_ms(1'790'000'000'000 + step), lowest);
        EXPECT_LT(before, after);
        before = make_ulid(from_unix_ms(1'790'000'000'000 + step), highest);
    }
}

TEST(Ulid, differs_within_one_millisecond) {
    SystemRandom random;
    std::set<std::string> ids;
    for (int i = 0; i < 1'000; ++i) ids.insert(make_ulid(from_unix_ms(1'790'000'000'000), random));
    EXPECT_EQ(ids.size(), 1'000U);
}

TEST(Random, stays_below_its_bound) {
    SystemRandom random;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1'000; ++i) seen.insert(random.below(3));
    EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2}));
    EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, of_the_system_fills_every_byte) {
    SystemRandom random;
    std::array<unsigned char, 1'000> all{};
    std::array<bool, 1'000> touched{};
    for (int round = 0; round < 4; ++round) {
        random.fill(all);
        for (std::size_t i = 0; i < all.size(); ++i) touched[i] = touched[i] || all[i] != 0;
    }
    EXPECT_TRUE(std::all_of(touched.begin(), touched.end(), [](bool t) { return t; }));
    random.fill({});
}

}  // namespace
}  // namespace parley
