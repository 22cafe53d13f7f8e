#include "kit/script_recorder.hpp"

#include <gtest/gtest.h>

namespace parley::kit {
namespace {

// That such a script passes is tested with `parley chat` and `parley agent test` in tests/scenario.
TEST(ScriptRecorder, writes_what_was_said_and_answered) {
    ScriptRecorder recorder("com.example.hello", R"({"a":1})");
    recorder.said("Hi: \"you\"");
    recorder.answered({R"({"type":"text","text":{"body":"Hello"}})",
                       R"({"type":"interactive","interactive":{"type":"button","body":{"text":"Go on?"}}})"},
                      {{"intent", "GREETING"}});
    recorder.tapped("button_reply", "y", "Yes");
    recorder.answered({}, {});
    recorder.waited(Millis(3'600'000));
    EXPECT_EQ(
        recorder.text(),
        "# Recorded by parley chat.\nagent: \"com.example.hello\"\nconfig: {\"a\":1}\nsteps:\n"
        "  - user: \"Hi: \\\"you\\\"\"\n    expect:\n      - text: \"Hello\"\n      - text: \"Go on?\"\n     "
        "   type: \"interactive\"\n"
        "      - annotations: {\"intent\":\"GREETING\"}\n"
        "  - user: {button: {id: \"y\", title: \"Yes\"}}\n    expect_none: true\n  - wait: 3600000ms\n");
}

TEST(ScriptRecorder, leaves_a_configuration_out_that_may_hold_secrets) {
    EXPECT_EQ(
        ScriptRecorder("x", "").text(),
        "# Recorded by parley chat.\nagent: \"x\"\n"
        "# Its configuration is not written down: give it with parley agent test --config FILE.\nsteps:\n");
}

}  // namespace
}  // namespace parley::kit
