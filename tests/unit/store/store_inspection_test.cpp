#include "store/store_inspection.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "fakes/fake_clock.hpp"
#include "fakes/temp_folder.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_store.hpp"

namespace parley {
namespace {

struct StoreInspection : testing::Test {
    fakes::TempFolder folder;
    const FakeClock clock;
    const std::filesystem::path file = folder.path() / "parley.db";

    std::unique_ptr<EngineStore> open_store() {
        SqliteOptions options;
        options.path = file.string();
        auto opened = open_sqlite_store(options, clock);
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
};

TEST_F(StoreInspection, tells_that_there_is_none) {
    EXPECT_EQ(store_holder(file), 0);
    EXPECT_EQ(inspect_store(file, Millis{1000}, clock).error().code(), Errc::not_found);
    EXPECT_FALSE(std::filesystem::exists(file.string() + ".lock")) << "looking makes no files";
}

TEST_F(StoreInspection, looks_at_a_database_in_use_and_names_who_has_it) {
    const auto store = open_store();
    const auto facts = inspect_store(file, Millis{1000}, clock);
    ASSERT_TRUE(facts) << facts.error().message();
    EXPECT_EQ(facts->schema, facts->newest_schema);
    EXPECT_TRUE(facts->was_checked);
    EXPECT_GT(facts->bytes, 0U);
    EXPECT_EQ(store_holder(file), getpid());
}

TEST_F(StoreInspection, leaves_no_file_behind_and_forgets_who_had_it) {
    open_store().reset();
    ASSERT_FALSE(std::filesystem::exists(file.string() + "-wal"));
    EXPECT_EQ(store_holder(file), 0);
    EXPECT_TRUE(inspect_store(file, Millis{1000}, clock));
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(file.string() + "-shm"));
}

TEST_F(StoreInspection, finds_damage) {
    open_store().reset();
    std::filesystem::remove(file.string() + "-wal");
    {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(4096);
        const std::string rubbish(4096, 'x');
        bytes.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
    }
    EXPECT_EQ(inspect_store(file, Millis{1000}, clock).error().code(), Errc::corrupt);
    std::ofstream(file) << std::string(8192, 'x');
    EXPECT_EQ(inspect_store(file, Millis{1000}, clock).error().code(), Errc::corrupt);
}

TEST_F(StoreInspection, gives_up_when_its_time_is_over) {
    {
        auto db = sqlite::Database::open(file.string(), sqlite::Database::Mode::write);
        ASSERT_TRUE(db);
        ASSERT_TRUE(db->execute(
            "CREATE TABLE much (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 200000) INSERT INTO much SELECT i FROM n; CREATE INDEX more ON much (x)"));
    }
    const auto facts = inspect_store(file, Millis{0}, clock);
    ASSERT_TRUE(facts) << facts.error().message();
    EXPECT_FALSE(facts->was_checked);
}

}  // namespace
}  // namespace parley
