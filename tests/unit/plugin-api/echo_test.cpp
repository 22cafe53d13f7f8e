// The two echo agents, loaded as libraries.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <parley/testing/agent_test.hpp>

#include "elf_section.hpp"

namespace {

using namespace std::chrono_literals;
using parley::testing::AgentTest;
using parley::testing::FakeHost;
using parley::testing::Library;
using testing::HasSubstr;

struct Echo : AgentTest {
    Echo() : AgentTest(ECHO_SO) {}
};
struct EchoC : AgentTest {
    EchoC() : AgentTest(ECHO_C_SO) {}
};

TEST_F(Echo, answers_with_the_text_it_got) {
    start();
    const auto& turn = send({.text = "नमस्ते \"Jupiter\"\n"});
    EXPECT_TRUE(turn.committed());
    EXPECT_EQ(turn.text(), "नमस्ते \"Jupiter\"\n");
    EXPECT_EQ(turn.replies.size(), 1U);
    EXPECT_FALSE(turn.state_json);
}

TEST_F(Echo, says_which_type_it_got_when_there_is_no_text) {
    start();
    EXPECT_EQ(send({.type = "image"}).text(), "I got a message of type image.");
}

TEST_F(Echo, puts_the_prefix_first) {
    start(R"({"prefix":"You said: "})");
    EXPECT_EQ(send({.text = "Hi"}).text(), "You said: Hi");
}

TEST_F(Echo, can_be_silent) {
    start(R"({"silent":true})");
    const auto& turn = send({.text = "Hi"});
    EXPECT_TRUE(turn.committed());
    EXPECT_TRUE(turn.replies.empty());
}

TEST_F(Echo, waits_for_its_delay) {
    start(R"({"delay_ms":500})");
    const auto& turn = send({.text = "Hi"});
    host.advance(499ms);
    EXPECT_TRUE(turn.open());
    host.advance(1ms);
    EXPECT_EQ(turn.text(), "Hi");
}

TEST_F(Echo, is_unloaded_with_a_turn_under_way) {
    start(R"({"delay_ms":500})");
    const auto& turn = send({.text = "Hi"});
    host.stop();
    EXPECT_TRUE(turn.cancelled);
}

TEST_F(Echo, blocks_its_thread_when_asked_to) {
    start(R"({"block_ms":30})");
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(send({.text = "Hi"}).text(), "Hi");
    EXPECT_GE(std::chrono::steady_clock::now() - before, 30ms);
}

TEST_F(Echo, counts_each_conversation_for_itself) {
    start(R"({"count":true})");
    EXPECT_EQ(send({.text = "a", .sender = "1"}).text(), "#1 a");
    EXPECT_EQ(send({.text = "b", .sender = "1"}).text(), "#2 b");
    EXPECT_EQ(send({.text = "c", .sender = "2"}).text(), "#1 c");
    EXPECT_EQ(host.state("1"), R"({"seen":2})");
}

TEST_F(Echo, leaves_other_members_of_the_state_alone) {
    start(R"({"count":true})");
    host.set_state("1", R"({"seen":41,"other":[1]})");
    EXPECT_EQ(send({.text = "a", .sender = "1"}).text(), "#42 a");
    EXPECT_EQ(host.state("1"), R"({"other":[1],"seen":42})");
}

TEST_F(Echo, refuses_settings_it_does_not_know) {
    const auto result = host.start(R"({"prefx":"x"})");
    EXPECT_EQ(result.status, PARLEY_CONFIG);
    EXPECT_EQ(result.error, "prefx: unknown key");
}

TEST_F(EchoC, answers_with_the_text_it_got) {
    start(" { } ");
    EXPECT_EQ(send({.text = "नमस्ते"}).text(), "नमस्ते");
    EXPECT_EQ(send({.type = "image"}).text(), "I got a message of type image.");
    const auto& unknown = send({.text = "x", .kind = 77});
    EXPECT_TRUE(unknown.committed());
    EXPECT_TRUE(unknown.replies.empty());
}

TEST_F(EchoC, survives_a_type_of_any_length) {
    start("");
    EXPECT_EQ(send({.type = std::string(5000, 'x')}).text(),
              "I got a message of type " + std::string(48, 'x') + '.');
}

TEST_F(EchoC, refuses_any_settings) {
    for (const char* config : {R"({"a":1})", "[]", "{}{", "{", "x"}) {
        const auto result = host.start(config);
        EXPECT_EQ(result.status, PARLEY_CONFIG) << config;
        EXPECT_THAT(result.error, HasSubstr("has no settings")) << config;
    }
    EXPECT_EQ(host.start("{}", "echo").status, PARLEY_INVALID);
}

bool is_mapped(const std::string& file_name) {
    std::ifstream maps("/proc/self/maps");
    const std::string all{std::istreambuf_iterator<char>(maps), {}};
    return all.find(file_name) != std::string::npos;
}

class BothEchoes : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Libraries, BothEchoes, testing::Values(ECHO_SO, ECHO_C_SO));

TEST_P(BothEchoes, manifest_can_be_read_without_loading_and_agrees_with_the_table) {
    const auto manifest = nlohmann::json::parse(parley::testing::elf_section(GetParam(), ".parley"));
    const Library library(GetParam());
    ASSERT_EQ(library.plugin().count(), 1U);
    const parley_desc* desc = library.plugin().desc(0);
    EXPECT_EQ(library.plugin().desc(1), nullptr);
    EXPECT_EQ(manifest.at("id"), desc->id);
    EXPECT_EQ(manifest.at("version"), desc->version);
    EXPECT_EQ(manifest.at("summary"), desc->summary);
    EXPECT_EQ(manifest.at("abi"), (nlohmann::json{PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR}));
    for (const char* key :
         {"sdk", "compiler", "requires", "optional", "features", "concurrency", "config_schema"}) {
        EXPECT_TRUE(manifest.contains(key)) << key;
    }
}

TEST_P(BothEchoes, leaves_memory_when_unloaded) {
    const std::string path = GetParam();
    const std::string file_name = path.substr(path.rfind('/'));
    {
        FakeHost host{Library(path)};
        ASSERT_TRUE(host.start().ok());
        EXPECT_EQ(host.send({.text = "Hi"}).text(), "Hi");
        EXPECT_TRUE(is_mapped(file_name));
    }
    EXPECT_FALSE(is_mapped(file_name));
}

TEST_P(BothEchoes, stays_for_who_looks_at_its_symbols_at_the_end) {
    // A copy: what stays would be in the way of other tests.
    const std::string copy =
        std::string(BROKEN_DIR) + "/stays-" + std::filesystem::path(GetParam()).filename().string();
    std::filesystem::copy_file(GetParam(), copy, std::filesystem::copy_options::overwrite_existing);
    { const Library library(copy, true); }
    EXPECT_TRUE(is_mapped(copy.substr(copy.rfind('/'))));
}

TEST(TestkitLibrary, says_why_a_file_cannot_be_loaded) {
    EXPECT_THROW(Library("/nonexistent/agent.so"), std::runtime_error);
    try {
        Library library("libm.so.6");
        FAIL() << "libm is no agent";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("does not export parley_plugin_v1"));
    }
}

}  // namespace
