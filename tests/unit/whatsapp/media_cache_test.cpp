#include "whatsapp/media_cache.hpp"

#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/crypto/hmac.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

std::string hash_of(const std::string& bytes) {
    return to_hex(sha256(bytes));
}

std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

struct MediaCacheTest : testing::Test {
    fakes::TempFolder folder;
    FakeClock clock;
    std::unique_ptr<MediaCache> cache = opened();

    std::unique_ptr<MediaCache> opened(std::uint64_t most = 100) {
        auto made = std::make_unique<MediaCache>(
            MediaCacheOptions{.folder = folder.path() / "media", .most_bytes = most}, clock);
        const auto open = made->open();
        EXPECT_TRUE(open) << open.error().message();
        return made;
    }
    Result<std::string> put(const std::string& bytes) { return cache->put(hash_of(bytes), bytes); }
    bool has(const std::string& bytes) { return cache->find(hash_of(bytes), bytes.size()).has_value(); }
    void wait() { clock.advance(Millis{6 * 60'000}); }
};

TEST_F(MediaCacheTest, keeps_files_by_their_hash_for_the_owner_only) {
    const auto path = put("hello");
    ASSERT_TRUE(path);
    EXPECT_EQ(read(*path), "hello");
    EXPECT_EQ(fs::path(*path).filename(), hash_of("hello"));
    EXPECT_EQ(fs::status(*path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(fs::status(fs::path(*path).parent_path()).permissions(), fs::perms::owner_all);
    EXPECT_EQ(cache->find(hash_of("hello"), 5), *path);
    EXPECT_EQ(cache->find(hash_of("other"), 5), std::nullopt);
    EXPECT_EQ(put("hello").value(), *path);
    EXPECT_EQ(cache->size(), 5U);
}

TEST_F(MediaCacheTest, knows_its_files_after_a_restart_and_removes_what_was_half_written) {
    ASSERT_TRUE(put("hello"));
    const fs::path half = folder.path() / "media" / ".part-abc";
    const fs::path foreign = folder.path() / "media" / "README";
    std::ofstream(half) << "half";
    std::ofstream(foreign) << "mine";
    cache = opened();
    EXPECT_TRUE(has("hello"));
    EXPECT_EQ(cache->size(), 5U);
    EXPECT_FALSE(fs::exists(half));
    EXPECT_TRUE(fs::exists(foreign));
}

TEST_F(MediaCacheTest, makes_room_by_removing_what_was_not_asked_for_the_longest) {
    const std::string a(40, 'a'), b(40, 'b'), c(40, 'c');
    ASSERT_TRUE(put(a));
    wait();
    ASSERT_TRUE(put(b));
    wait();
    EXPECT_TRUE(has(a));
    ASSERT_TRUE(put(c));
    EXPECT_TRUE(has(a));
    EXPECT_FALSE(has(b));
    EXPECT_TRUE(has(c));
    EXPECT_EQ(cache->size(), 80U);
}

TEST_F(MediaCacheTest, keeps_the_order_of_use_over_a_restart) {
    const std::string a(40, 'a'), b(40, 'b'), c(40, 'c');
    ASSERT_TRUE(put(a));
    wait();
    ASSERT_TRUE(put(b));
    wait();
    EXPECT_TRUE(has(a));
    wait();
    cache = opened();
    ASSERT_TRUE(put(c));
    EXPECT_TRUE(has(a));
    EXPECT_FALSE(has(b));
}

TEST_F(MediaCacheTest, refuses_rather_than_remove_what_is_in_use) {
    ASSERT_TRUE(put(std::string(60, 'a')));
    EXPECT_EQ(put(std::string(60, 'b')).error().code(), Errc::busy);
    EXPECT_TRUE(has(std::string(60, 'a')));
    EXPECT_FALSE(put(std::string(101, 'c')));
    wait();
    EXPECT_TRUE(put(std::string(60, 'b')));
}

TEST_F(MediaCacheTest, shrinks_when_it_may_keep_less_than_before) {
    ASSERT_TRUE(put(std::string(40, 'a')));
    wait();
    ASSERT_TRUE(put(std::string(40, 'b')));
    wait();
    cache = opened(50);
    EXPECT_FALSE(has(std::string(40, 'a')));
    EXPECT_TRUE(has(std::string(40, 'b')));
}

TEST_F(MediaCacheTest, forgets_a_file_that_somebody_removed_or_cut) {
    const auto path = put("hello");
    fs::resize_file(*path, 2);
    EXPECT_FALSE(has("hello"));
    EXPECT_EQ(cache->size(), 0U);
    ASSERT_TRUE(put("hello"));
    fs::remove(*path);
    EXPECT_FALSE(has("hello"));
}

TEST_F(MediaCacheTest, says_when_its_folder_cannot_be_used) {
    std::ofstream(folder.path() / "file") << "x";
    MediaCache wrong({.folder = folder.path() / "file"}, clock);
    EXPECT_EQ(wrong.open().error().code(), Errc::unavailable);
}

TEST_F(MediaCacheTest, counts_once_what_two_threads_keep_at_once) {
    const std::string bytes(50, 'x');
    std::thread other([&] { (void)put(bytes); });
    (void)put(bytes);
    other.join();
    EXPECT_TRUE(has(bytes));
    EXPECT_EQ(cache->size(), 50U);
}

}  // namespace
}  // namespace parley
