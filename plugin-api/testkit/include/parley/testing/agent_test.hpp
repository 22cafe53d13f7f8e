// A GoogleTest fixture: one agent in a FakeHost, whose rules must not be broken in any test.
//
//   struct HelloTest : parley::testing::AgentTest {
//       HelloTest() : AgentTest(HELLO_SO) {}
//   };
//   TEST_F(HelloTest, greets) {
//       start(R"({"greeting": "Namaste"})");
//       EXPECT_EQ(send({.text = "Hi"}).text(), "Namaste");
//   }
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <parley/testing/fake_host.hpp>
#include <parley/testing/script.hpp>

namespace parley::testing {

class AgentTest : public ::testing::Test {
  protected:
    explicit AgentTest(const std::string& library_path, HostOptions options = {})
        : host(Library(library_path), std::move(options)) {}
    explicit AgentTest(const parley_plugin& plugin, HostOptions options = {})
        : host(plugin, std::move(options)) {}

    // Fails the test when the agent refuses.
    void start(std::string_view config_json = "{}") {
        const StartResult result = host.start(config_json);
        ASSERT_TRUE(result.ok()) << result.error;
    }

    // A conversation script, with an instance of its own. Needs Parley::scripts.
    void run(const std::string& script) {
        for (const ScriptFailure& failure : run_script(script, host.plugin()).failures)
            ADD_FAILURE_AT(script.c_str(), failure.line) << to_text(failure);
    }

    const TurnRecord& send(const Message& message) { return host.send(message); }

    void TearDown() override {
        host.stop();
        for (const std::string& misbehaviour : host.misbehaviours()) ADD_FAILURE() << misbehaviour;
    }

    FakeHost host;
};

}  // namespace parley::testing
