#include "host/plugin_library.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/crypto/hmac.hpp"
#include "host/staged_file.hpp"
#include "host_fixture.hpp"

namespace parley {
namespace {

class PluginLibraryTest : public ::testing::Test {
  protected:
    Result<std::shared_ptr<PluginLibrary>> open(const std::string& file) {
        const auto bytes = read_library(test_plugins() / file);
        if (!bytes) return bytes.error();
        return PluginLibrary::open("agents/x.so", *bytes, folder_.path());
    }
    std::string refusal_of(const std::string& file) {
        const auto library = open(file);
        EXPECT_FALSE(library) << file;
        return library ? "" : library.error().message();
    }
    fakes::TempFolder folder_;
};

TEST_F(PluginLibraryTest, is_loaded_from_a_private_copy_and_unloaded_again) {
    std::filesystem::path staged;
    {
        const auto library = open("plain.so");
        ASSERT_TRUE(library) << library.error().message();
        staged = (*library)->staged_path();
        EXPECT_EQ(staged, folder_.path() / "plugins" /
                              to_hex(sha256(*read_library(test_plugins() / "plain.so"))) / "plain.so");
        struct stat facts {};
        ASSERT_EQ(::stat(staged.c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0777U, 0555U);
        EXPECT_TRUE(is_mapped(staged));
        EXPECT_STREQ((*library)->table().desc(0)->id, "plain");
    }
    EXPECT_FALSE(is_mapped(staged));
    EXPECT_TRUE(std::filesystem::exists(staged));
}

TEST_F(PluginLibraryTest, stays_mapped_once_pinned) {
    std::filesystem::path staged;
    {
        const auto library = open("sinners/sound.so");
        ASSERT_TRUE(library) << library.error().message();
        staged = (*library)->staged_path();
        (*library)->pin();
    }
    EXPECT_TRUE(is_mapped(staged));
}

TEST_F(PluginLibraryTest, uses_a_good_copy_again_and_replaces_a_damaged_one) {
    const std::string bytes = *read_library(test_plugins() / "plain.so");
    const auto first = stage_library(folder_.path(), "plain", bytes);
    ASSERT_TRUE(first);
    const auto made = std::filesystem::last_write_time(*first);
    ASSERT_TRUE(stage_library(folder_.path(), "plain", bytes));
    EXPECT_EQ(std::filesystem::last_write_time(*first), made);

    std::filesystem::permissions(*first, std::filesystem::perms::owner_all);
    std::ofstream(*first, std::ios::binary) << "half a libr";
    const auto again = stage_library(folder_.path(), "plain", bytes);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(*read_library(*again), bytes);
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(again->parent_path()))
        files += entry.exists() ? 1 : 0;
    EXPECT_EQ(files, 1);
}

TEST_F(PluginLibraryTest, says_why_a_copy_cannot_be_made) {
    std::ofstream(folder_.path() / "plugins") << "a file where a folder is needed";
    const auto library = open("plain.so");
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().code(), Errc::unavailable);
    EXPECT_NE(library.error().message().find("cannot create this folder: "), std::string::npos);
}

TEST_F(PluginLibraryTest, must_say_in_its_table_what_its_manifest_says) {
    EXPECT_EQ(refusal_of("sinners/liar-version.so"),
              "agents/x.so: its manifest says version 1.0.0, its table says 9.9.9: they must be the same");
    EXPECT_EQ(refusal_of("sinners/liar-id.so"),
              "agents/x.so: its manifest says id sinner, but its table holds no agent of that id");
    EXPECT_EQ(refusal_of("sinners/liar-abi.so"),
              "agents/x.so: its table and its manifest name different contracts: build both from the same "
              "plugin.h");
    EXPECT_EQ(
        refusal_of("sinners/small-table.so"),
        "agents/x.so: its table parley_plugin_v1 is incomplete: set struct_size, count, desc and create");
}

TEST_F(PluginLibraryTest, is_refused_when_a_symbol_is_missing_instead_of_ending_the_process_later) {
    const std::string sentence = refusal_of("sinners/missing-symbol.so");
    EXPECT_TRUE(sentence.starts_with(
        "agents/x.so: uses a symbol that nothing provides: link every library it needs, with "
        "-Wl,-z,defs ("))
        << sentence;
    EXPECT_NE(sentence.find("nobody_defines_this"), std::string::npos) << sentence;
}

TEST_F(PluginLibraryTest, built_against_a_newer_libstdcxx_is_told_so) {
    std::string bytes = *read_library(test_plugins() / "probe.so");
    std::size_t patched = 0;
    for (std::size_t at = 0; (at = bytes.find("GLIBCXX_3", at)) != std::string::npos; ++at, ++patched)
        bytes[at + 8] = '9';
    ASSERT_GT(patched, 0U);
    const auto library = PluginLibrary::open("agents/x.so", bytes, folder_.path());
    ASSERT_FALSE(library);
    const std::string sentence = library.error().message();
    EXPECT_TRUE(sentence.starts_with(
        "agents/x.so: was built against a newer libstdc++ than this host's: build it on this "
        "system's distribution ("))
        << sentence;
    EXPECT_NE(sentence.find("GLIBCXX_9"), std::string::npos) << sentence;
}

}  // namespace
}  // namespace parley
