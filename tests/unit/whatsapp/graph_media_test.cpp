#include "whatsapp/graph_media.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_http_client.hpp"

namespace parley {
namespace {

constexpr const char* token = "EAATOKENVALUE";
const std::string meta = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3";

struct GraphMediaTest : testing::Test {
    FakeHttpClient http;
    GraphMedia media{{.graph_url = "http://127.0.0.1:8001/"}, http};
    std::optional<GraphResult<MediaFacts>> facts;
    std::optional<GraphResult<std::string>> text;
    std::optional<GraphResult<void>> removed;

    static DeploymentPtr account(const char* access_token = token) {
        Deployment deployment;
        deployment.channel = PhoneNumberId("300000000000001");
        deployment.access_token = Secret(access_token);
        return std::make_shared<const Deployment>(deployment);
    }
    void look_up(const std::string& id, DeploymentPtr from = account()) {
        media.look_up(id, std::move(from), [this](auto result) { facts.emplace(std::move(result)); });
    }
    void download(const std::string& url) {
        media.download(url, 1000, account(), [this](auto result) { text.emplace(std::move(result)); });
    }
    void upload(NewMedia file) {
        media.upload(file, account(), [this](auto result) { text.emplace(std::move(result)); });
    }
    HttpCall call(std::size_t number) { return http.wait_for_call(number).value().second; }
    static std::string authorization(const HttpCall& call) {
        for (const auto& [name, value] : call.headers)
            if (name == "Authorization") return value;
        return {};
    }
};

TEST_F(GraphMediaTest, looks_an_id_up_with_the_number_it_belongs_to) {
    look_up("1000000000000001");
    EXPECT_EQ(call(1).method, "GET");
    EXPECT_EQ(call(1).url, "http://127.0.0.1:8001/v25.0/1000000000000001?phone_number_id=300000000000001");
    EXPECT_EQ(authorization(call(1)), std::string("Bearer ") + token);
    http.answer(
        1, 200,
        R"({"url":"https://x","mime_type":"image/jpeg","sha256":"ab","file_size":"303833","id":"1"})");
    ASSERT_TRUE(facts && *facts);
    EXPECT_EQ((*facts)->url, "https://x");
    EXPECT_EQ((*facts)->mime_type, "image/jpeg");
    EXPECT_EQ((*facts)->sha256, "ab");
    EXPECT_EQ((*facts)->size, 303833U);
}

TEST_F(GraphMediaTest, takes_a_size_written_as_a_number) {
    look_up("1");
    http.answer(1, 200, R"({"url":"https://x","file_size":7})");
    EXPECT_EQ((*facts)->size, 7U);
}

TEST_F(GraphMediaTest, says_what_graph_said_and_what_to_do_without_the_token) {
    look_up("1");
    http.answer(
        1, 401,
        R"({"error":{"message":"Error validating access token EAATOKENVALUE","code":190,"error_subcode":463}})");
    ASSERT_TRUE(facts && !*facts);
    const GraphFailure& failure = facts->error();
    EXPECT_EQ(failure.code, 190);
    EXPECT_EQ(failure.subcode, 463);
    EXPECT_EQ(failure.http_status, 401);
    EXPECT_EQ(failure.error_class, ErrorClass::token);
    EXPECT_EQ(failure.reason, "Error validating access token ***");
    EXPECT_EQ(failure.meaning, "the access token has expired or was revoked");
    EXPECT_NE(failure.remedy.find("valid access token"), std::string::npos);
    EXPECT_EQ(to_error(failure).code(), Errc::unauthorized);
}

TEST_F(GraphMediaTest, knows_an_unknown_id_from_other_trouble) {
    look_up("1");
    http.answer(1, 400, R"({"error":{"message":"Unsupported get request.","code":100,"error_subcode":33}})");
    EXPECT_EQ(to_error(facts->error()).code(), Errc::not_found);
    look_up("1");
    http.fail(2, {HttpFailure::Kind::in_doubt, true, "the line broke"});
    EXPECT_EQ(to_error(facts->error()).code(), Errc::unavailable);
    look_up("1");
    http.answer(3, 429, "slow down", {{"retry-after", "30"}});
    EXPECT_EQ(facts->error().error_class, ErrorClass::limit);
    EXPECT_EQ(facts->error().wait, Millis{30'000});
    look_up("1");
    http.answer(4, 200, "<html>");
    EXPECT_EQ(to_error(facts->error()).code(), Errc::unavailable);
}

TEST_F(GraphMediaTest, calls_nobody_without_a_token_or_with_an_id_that_is_none) {
    look_up("1", account(""));
    EXPECT_EQ(facts->error().error_class, ErrorClass::token);
    for (const char* id : {"", "../me", "1?x=2", "1/2"}) {
        look_up(id);
        EXPECT_EQ(facts->error().error_class, ErrorClass::request) << id;
    }
    EXPECT_EQ(http.started_calls(), 0U);
}

TEST_F(GraphMediaTest, downloads_with_the_token_from_metas_hosts_and_the_configured_one) {
    const std::vector<std::string> urls{meta, "https://scontent.xx.fbcdn.net/v/1",
                                        "https://mmg.whatsapp.net/d", "https://graph.facebook.com/x",
                                        "http://127.0.0.1:8001/d?x=1"};
    for (std::size_t i = 0; i < urls.size(); ++i) {
        download(urls[i]);
        ASSERT_EQ(http.started_calls(), i + 1) << urls[i] << ": " << text->error().reason;
        EXPECT_EQ(call(i + 1).url, urls[i]);
        EXPECT_EQ(authorization(call(i + 1)), std::string("Bearer ") + token);
        EXPECT_EQ(call(i + 1).max_response, 1000U);
        http.answer(i + 1, 200, R"({"error":{"code":1}})", {{"content-type", "application/json"}});
        ASSERT_TRUE(*text) << "a file is whatever it is";
        EXPECT_EQ(**text, R"({"error":{"code":1}})");
    }
}

TEST_F(GraphMediaTest, gives_the_token_to_nobody_else) {
    for (const char* url :
         {"https://evil.example/x", "http://lookaside.fbsbx.com/x",
          "https://lookaside.fbsbx.com.evil.example/x", "https://lookaside.fbsbx.com:8443/x",
          "https://evilfbcdn.net/x", "https://fbcdn.net/x", "http://127.0.0.1:8002/d",
          "https://127.0.0.1:8001/d", "https://user@lookaside.fbsbx.com/x",
          "https://lookaside.fbsbx.com\\@evil.example/x", "ftp://lookaside.fbsbx.com/x", "/x", ""}) {
        text.reset();
        download(url);
        ASSERT_TRUE(text && !*text) << url;
        EXPECT_EQ(text->error().error_class, ErrorClass::request) << url;
    }
    EXPECT_EQ(http.started_calls(), 0U);
}

TEST_F(GraphMediaTest, follows_redirects_without_the_token_when_the_host_changes) {
    download(meta);
    http.answer(1, 302, "", {{"location", "/other?x=1"}});
    EXPECT_EQ(call(2).url, "https://lookaside.fbsbx.com/other?x=1");
    EXPECT_NE(authorization(call(2)), "");
    http.answer(2, 307, "", {{"location", "https://scontent.xx.fbcdn.net/v/1"}});
    EXPECT_EQ(call(3).url, "https://scontent.xx.fbcdn.net/v/1");
    EXPECT_EQ(authorization(call(3)), "");
    http.answer(3, 200, "bytes");
    EXPECT_EQ(text->value(), "bytes");
}

TEST_F(GraphMediaTest, follows_no_redirect_to_a_foreign_host_nor_a_third_one) {
    download(meta);
    http.answer(1, 302, "", {{"location", "https://evil.example/x"}});
    ASSERT_TRUE(text && !*text);
    EXPECT_EQ(http.started_calls(), 1U);
    download(meta);
    http.answer(2, 302, "", {{"location", "//evil.example/x"}});
    EXPECT_FALSE(*text);
    EXPECT_EQ(http.started_calls(), 2U);
    download(meta);
    for (HttpCallId id = 3; id <= 5; ++id) http.answer(id, 302, "", {{"location", "/again"}});
    EXPECT_EQ(text->error().reason, "the media URL redirects too often");
    EXPECT_EQ(http.started_calls(), 5U);
    download(meta);
    http.answer(6, 302, "");
    EXPECT_FALSE(*text);
}

TEST_F(GraphMediaTest, uploads_a_form_that_no_content_can_break_out_of) {
    upload({"application/pdf", "a\"b\r\nX: y.pdf", "%PDF parley-form-0 bytes", ""});
    const HttpCall made = call(1);
    EXPECT_EQ(made.method, "POST");
    EXPECT_EQ(made.url, "http://127.0.0.1:8001/v25.0/300000000000001/media");
    EXPECT_EQ(made.headers.at(1).second, "multipart/form-data; boundary=parley-form-1");
    EXPECT_NE(made.body.find(
                  "filename=\"a_b__X: y.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF parley-form-0 "
                  "bytes\r\n--parley-form-1--\r\n"),
              std::string::npos)
        << made.body;
    http.answer(1, 200, R"({"id":1000000000000009})");
    EXPECT_EQ(text->value(), "1000000000000009");
}

TEST_F(GraphMediaTest, uploads_nothing_that_is_no_file) {
    for (const NewMedia& file : {NewMedia{"pdf", "", "x", ""}, NewMedia{"a/b\r\nX: y", "", "x", ""},
                                 NewMedia{"image/png", "", "", ""}}) {
        upload(file);
        EXPECT_FALSE(*text);
    }
    EXPECT_EQ(http.started_calls(), 0U);
}

TEST_F(GraphMediaTest, deletes_media) {
    media.remove("77", account(), [this](auto result) { removed.emplace(std::move(result)); });
    EXPECT_EQ(call(1).method, "DELETE");
    EXPECT_EQ(call(1).url, "http://127.0.0.1:8001/v25.0/77?phone_number_id=300000000000001");
    http.answer(1, 200, R"({"success":true})");
    EXPECT_TRUE(*removed);
}

}  // namespace
}  // namespace parley
