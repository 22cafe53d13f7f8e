// Agents built for an earlier minor version of the contract run on this one, for ever.
#include <gtest/gtest.h>

#include <parley/testing/fake_host.hpp>

#include "base/crypto/hmac.hpp"
#include "kit/validator.hpp"

namespace parley::kit {
namespace {

class OldAgents : public ::testing::Test {
  protected:
    void SetUp() override {
#if !defined(__x86_64__)
        GTEST_SKIP() << "they are built for x86-64";
#endif
    }
    static void expect_whole(const std::string& file, const std::string& digest) {
        const auto bytes = read_library(file);
        ASSERT_TRUE(bytes);
        EXPECT_EQ(to_hex(sha256(*bytes)), digest) << file << " is not what was built for 1.0";
    }
    static void expect_valid(const std::string& file) {
        const auto report = validate(file, {.strictness = 9, .worker = WORKER});
        ASSERT_TRUE(report) << report.error().message();
        for (const CheckReport& one : report->checks)
            EXPECT_FALSE(is_failure(one.verdict)) << one.check->name << ": " << one.findings.front().what;
    }
};

TEST_F(OldAgents, in_c_for_1_0_still_answer) {
    const std::string file = PARLEY_SOURCE_DIR "/tests/data/agents/echo-c-1.0.so";
    expect_whole(file, "4a53d3d9d27f519d188bd567757031002b52923e4214736bf55af523962e8a10");
    testing::FakeHost host{testing::Library(file)};
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "Still there?"}).text(), "Still there?");
    expect_valid(file);
}

TEST_F(OldAgents, with_the_sdk_of_1_0_still_answer) {
    const std::string file = PARLEY_SOURCE_DIR "/tests/data/agents/echo-1.0.so";
    expect_whole(file, "480e4acc218b07b6bb5420db1a83ce67e115d9938ced41d0626b4c7b5a5bce62");
    testing::FakeHost host{testing::Library(file)};
    ASSERT_TRUE(host.start(R"({"count": true, "delay_ms": 50})").ok());
    host.send({.text = "a"});
    host.advance(std::chrono::milliseconds(50));
    const auto& turn = host.send({.text = "b"});
    host.advance(std::chrono::milliseconds(50));
    EXPECT_EQ(turn.text(), "#2 b");
    expect_valid(file);
}

}  // namespace
}  // namespace parley::kit
