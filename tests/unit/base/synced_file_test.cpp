#include "base/synced_file.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

TEST(SyncedFile, is_written_whole_with_its_mode_and_leaves_nothing_else) {
    const fakes::TempFolder folder;
    const fs::path path = folder.path() / "file";
    const std::string bytes("a\0b", 3);
    ASSERT_TRUE(write_synced(path, bytes, 0600));
    std::ostringstream read;
    read << std::ifstream(path, std::ios::binary).rdbuf();
    EXPECT_EQ(read.str(), bytes);
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_TRUE(write_synced(path, "new", 0400));
    EXPECT_EQ(fs::file_size(path), 3U);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(SyncedFile, names_the_folder_that_cannot_be_written) {
    const fakes::TempFolder folder;
    const auto done = write_synced(folder.path() / "gone" / "file", "x", 0600);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), Errc::unavailable);
    EXPECT_NE(done.error().message().find("gone"), std::string::npos);
}

TEST(SyncedFile, leaves_nothing_behind_when_the_name_is_taken_by_a_folder) {
    const fakes::TempFolder folder;
    fs::create_directory(folder.path() / "file");
    EXPECT_FALSE(write_synced(folder.path() / "file", "x", 0600));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace parley
