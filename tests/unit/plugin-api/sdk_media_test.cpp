// co_await turn.media(…) and turn.upload(…): what is asked for, and what comes back in good and in bad times.
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/flat_json.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using parley::testing::FakeHost;
using parley::testing::plugin_of;

// "get ID", "put TEXT", "file PATH" or "drop ID".
struct Archive : parley::Agent<Archive> {
    parley::Task on_message(parley::Turn turn) {
        const std::string word = turn.text.substr(0, turn.text.find(' '));
        const std::string argument = turn.text.substr(word.size() + 1);
        if (word == "get") {
            const auto file = co_await turn.media(argument);
            turn.reply(file.ok() ? file.path + '|' + file.mime_type + '|' + file.sha256.substr(0, 4) + '|' +
                                       std::to_string(file.size)
                                 : std::string(parley::status_name(file.outcome)) + ": " + file.reason);
            co_return;
        }
        parley::UploadedMedia made;
        if (word == "put") made = co_await turn.upload("text/plain", argument, "a \"b\".txt");
        if (word == "file") made = co_await turn.upload_file("application/pdf", argument);
        if (word == "drop") made = co_await turn.remove_media(argument);
        turn.reply(made.ok() ? "id " + made.id
                             : std::string(parley::status_name(made.outcome)) + ": " + made.reason);
    }
};

struct SdkMedia : parley::testing::AgentTest {
    SdkMedia() : AgentTest(plugin_of<Archive>) {}
    void SetUp() override { start(); }
};

TEST_F(SdkMedia, gives_the_file_and_its_facts) {
    host.media().give(
        "11",
        {.path = "/tmp/a \"b\"\n\\c", .mime_type = "image/png", .sha256 = "abcd", .size = 4'000'000'000});
    EXPECT_EQ(send({.text = "get 11"}).text(), "/tmp/a \"b\"\n\\c|image/png|abcd|4000000000");
    EXPECT_EQ(host.media().fetched(), std::vector<std::string>{"11"});
}

TEST_F(SdkMedia, says_why_there_is_no_file) {
    EXPECT_EQ(send({.text = "get 12"}).text(), "invalid: media 12: this test gave no such media");
    host.media().fail(PARLEY_DENIED, "the token has expired");
    EXPECT_EQ(send({.text = "get 12"}).text(), "denied: the token has expired");
    EXPECT_EQ(send({.text = "get "}).text(), "invalid: the host refused the media operation: invalid");
}

TEST_F(SdkMedia, uploads_bytes_and_files) {
    EXPECT_EQ(send({.text = "put hello"}).text(), "id upload-1");
    EXPECT_EQ(send({.text = "file /tmp/terms.pdf"}).text(), "id upload-2");
    ASSERT_EQ(host.media().uploads().size(), 2U);
    EXPECT_EQ(host.media().uploads()[0].bytes, "hello");
    EXPECT_EQ(host.media().uploads()[0].mime_type, "text/plain");
    EXPECT_EQ(host.media().uploads()[0].filename, "a \"b\".txt");
    EXPECT_EQ(host.media().uploads()[1].path, "/tmp/terms.pdf");
    EXPECT_EQ(send({.text = "file terms.pdf"}).text(),
              "invalid: the host refused the media operation: invalid");
}

TEST_F(SdkMedia, deletes_media) {
    EXPECT_EQ(send({.text = "drop 11"}).text(), "id ");
    EXPECT_EQ(host.media().removed(), std::vector<std::string>{"11"});
    EXPECT_TRUE(host.misbehaviours().empty());
}

TEST(SdkMediaWithout, a_host_that_has_it_says_so) {
    FakeHost host(plugin_of<Archive>, {.withheld = {PARLEY_EXT_MEDIA}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "get 1"}).text(),
              "unsupported: the host refused the media operation: unsupported");
}

TEST(FlatJson, finds_members_by_name_and_decodes_them) {
    using parley::detail::flat_member;
    const std::string json = R"({"a":"x\"\\\/\n\u0041\u00e9\u20ac","n":-12, "b" : "a","t":true})";
    EXPECT_EQ(flat_member(json, "a"), "x\"\\/\nA\xC3\xA9\xE2\x82\xAC");
    EXPECT_EQ(flat_member(json, "n"), "-12");
    EXPECT_EQ(flat_member(json, "b"), "a");
    EXPECT_EQ(flat_member(json, "t"), "true");
    for (const char* broken :
         {"", "{", "{}", "\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":\"\\", "{\"a\":\"\\u00"})
        EXPECT_EQ(flat_member(broken, "b"), "") << broken;
}

}  // namespace
