// Copies of a database that is being written, and putting them back.
#include "store/store_backup.hpp"

#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "contract/store_samples.hpp"
#include "fakes/temp_folder.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_store.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;
using namespace contract;

class StoreBackup : public testing::Test {
  protected:
    std::unique_ptr<MessageStore> open(const fs::path& path) {
        SqliteOptions options;
        options.path = path.string();
        options.lazy_wait = Millis{1};
        auto opened = open_sqlite_store(options, clock_);
        EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
        return opened ? std::move(*opened) : nullptr;
    }
    static void fill(MessageStore& store, int first, int count) {
        for (int i = first; i < first + count; ++i)
            EXPECT_TRUE(add(store, post({message("m" + std::to_string(i), "91" + std::to_string(i % 7))})));
    }
    std::uint64_t messages_in(const fs::path& path) {
        const auto store = open(path);
        const auto counts = store->counts();
        return counts ? counts->messages : 0;
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator{}));
    }
    Result<StoreCopy> restore(const fs::path& from) {
        return restore_store(from, database_, folder_.path(), "now");
    }

    fakes::TempFolder folder_;
    const fs::path database_ = folder_.path() / "parley.db";
    const fs::path copy_ = folder_.path() / "copy.db";
    SystemClock clock_;
};

TEST_F(StoreBackup, copies_what_was_committed_while_the_engine_goes_on) {
    const auto store = open(database_);
    fill(*store, 0, 50);
    std::promise<void> writes;
    auto writing = std::async(std::launch::async, [&] {
        fill(*store, 50, 20);
        writes.set_value();
        fill(*store, 70, 200);
    });
    writes.get_future().wait();
    const auto copy = back_up_store(database_, copy_);
    ASSERT_TRUE(copy) << copy.error().message();
    writing.wait();
    EXPECT_GE(copy->messages, 70U);
    EXPECT_LE(copy->messages, 270U);
    EXPECT_EQ(copy->schema, newest_schema());
    EXPECT_EQ(copy->bytes, fs::file_size(copy_));
    EXPECT_FALSE(fs::exists(copy_.string() + "-wal"));
    EXPECT_EQ(store->counts()->messages, 270U);
    EXPECT_EQ(messages_in(copy_), copy->messages);
}

TEST_F(StoreBackup, overwrites_nothing_and_leaves_nothing_half) {
    EXPECT_EQ(back_up_store(database_, copy_).error().code(), Errc::not_found);
    fill(*open(database_), 0, 1);
    std::ofstream(copy_) << "mine";
    const auto before = files();
    EXPECT_EQ(back_up_store(database_, copy_).error().code(), Errc::conflict);
    EXPECT_EQ(fs::file_size(copy_), 4U);
    EXPECT_EQ(back_up_store(database_, folder_.path() / "no/such/folder.db").error().code(),
              Errc::unavailable);
    EXPECT_EQ(files(), before);
}

TEST_F(StoreBackup, comes_back_and_keeps_what_was_there) {
    fill(*open(database_), 0, 5);
    ASSERT_TRUE(back_up_store(database_, copy_));
    fill(*open(database_), 5, 5);
    std::ofstream(database_.string() + ".inflight") << "of the other database";
    const auto restored = restore(copy_);
    ASSERT_TRUE(restored) << restored.error().message();
    EXPECT_EQ(restored->messages, 5U);
    EXPECT_EQ(messages_in(database_), 5U);
    EXPECT_EQ(messages_in(database_.string() + ".before-now"), 10U);
    EXPECT_TRUE(fs::exists(copy_));
    EXPECT_TRUE(fs::exists(database_.string() + ".inflight.before-now"));
    EXPECT_FALSE(fs::exists(database_.string() + ".inflight"));
}

TEST_F(StoreBackup, comes_back_where_there_was_nothing) {
    fill(*open(database_), 0, 3);
    ASSERT_TRUE(back_up_store(database_, copy_));
    const fs::path elsewhere = folder_.path() / "var/new.db";
    ASSERT_TRUE(restore_store(copy_, elsewhere, elsewhere.parent_path(), "now"));
    EXPECT_EQ(messages_in(elsewhere), 3U);
}

TEST_F(StoreBackup, is_not_put_under_a_running_engine) {
    const auto store = open(database_);
    fill(*store, 0, 2);
    ASSERT_TRUE(back_up_store(database_, copy_));
    const auto refused = restore(copy_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::conflict);
    EXPECT_EQ(store->counts()->messages, 2U);
}

TEST_F(StoreBackup, refuses_what_is_no_whole_database_of_ours) {
    fill(*open(database_), 0, 200);
    ASSERT_TRUE(back_up_store(database_, copy_));
    const fs::path other = folder_.path() / "other.db";

    EXPECT_EQ(restore(other).error().code(), Errc::not_found);
    std::ofstream(other) << std::string(9000, 'x');
    EXPECT_FALSE(restore(other)) << "no database";
    fs::remove(other);
    {
        auto strange = sqlite::Database::open(other.string(), sqlite::Database::Mode::write);
        ASSERT_TRUE(strange->execute("CREATE TABLE item (a); PRAGMA user_version = 1"));
    }
    EXPECT_EQ(restore(other).error().code(), Errc::invalid_input);

    fs::copy_file(copy_, other, fs::copy_options::overwrite_existing);
    {
        auto newer = sqlite::Database::open(other.string(), sqlite::Database::Mode::write);
        ASSERT_TRUE(newer->execute("PRAGMA user_version = 99"));
    }
    EXPECT_EQ(restore(other).error().code(), Errc::conflict);

    fs::copy_file(copy_, other, fs::copy_options::overwrite_existing);
    {
        std::fstream damage(other, std::ios::in | std::ios::out | std::ios::binary);
        const std::size_t third = fs::file_size(other) / 3;  // surely more than free space
        damage.seekp(static_cast<std::streamoff>(third));
        damage << std::string(third, '\xA5');
    }
    EXPECT_EQ(restore(other).error().code(), Errc::corrupt);
    EXPECT_EQ(messages_in(database_), 200U) << "still the one that was there";
}

}  // namespace
}  // namespace parley
