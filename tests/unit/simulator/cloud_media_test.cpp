// The pretended cloud's media: uploads, lookups, download URLs, what users send, and what becomes of it in time.
#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"
#include "simulator/cloud.hpp"

namespace parley::sim {
namespace {

const char* const user = "919800000001";
const std::string boundary = "xYzZy";

std::string form(const std::string& bytes, const std::string& mime_type) {
    return "--" + boundary +
           "\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--" + boundary +
           "\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n" + mime_type + "\r\n--" + boundary +
           "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: " +
           mime_type + "\r\n\r\n" + bytes + "\r\n--" + boundary + "--\r\n";
}

class CloudMediaTest : public ::testing::Test {
  protected:
    CloudMediaTest() {
        CloudOptions options;
        options.app_secret = Secret("app secret");
        options.numbers = {{"111", "15550001111", "w1", "token", "Cards"},
                           {"222", "15550002222", "w1", "other", "Loans"}};
        cloud_ = std::make_unique<Cloud>(options, clock_, random_);
        cloud_->serves_media_at("http://sim.test");
    }

    HttpResponse graph(const char* method, const std::string& node, const std::string& edge = "",
                       const std::string& query = "", const char* token = "Bearer token") {
        return cloud_->graph({method, "v25.0", node, edge, token, query, "", "", "http://sim.test"}).response;
    }
    HttpResponse upload(const std::string& bytes, const std::string& mime_type, const char* number = "111") {
        const std::string body = form(bytes, mime_type);
        const std::string type = "multipart/form-data; boundary=" + boundary;
        return cloud_
            ->graph({"POST", "v25.0", number, "media",
                     std::string_view(number) == "111" ? "Bearer token" : "Bearer other", "", type, body,
                     "http://sim.test"})
            .response;
    }
    std::string uploaded(const std::string& bytes, const std::string& mime_type, const char* number = "111") {
        const HttpResponse response = upload(bytes, mime_type, number);
        EXPECT_EQ(response.status, 200) << response.body;
        return Json::parse(response.body)["id"];
    }
    HttpResponse download(const std::string& id, const char* token = "Bearer token") {
        const std::string url = Json::parse(graph("GET", id).body)["url"];
        return cloud_->download(token, url.substr(url.find('?') + 1));
    }
    HttpResponse send(const std::string& kind, const std::string& id) {
        const Json body{{"messaging_product", "whatsapp"},
                        {"to", std::string("+") + user},
                        {"type", kind},
                        {kind, {{"id", id}}}};
        return cloud_->send("v25.0", "111", "Bearer token", body.dump()).response;
    }
    static int code(const HttpResponse& response) { return Json::parse(response.body)["error"]["code"]; }
    // Of the failed status that follows a send.
    int failed_code() {
        clock_.advance(Millis{1000});
        for (const WebhookPost& post : cloud_->step(clock_.mono())) {
            const Json body = Json::parse(post.body);
            cloud_->answered(post.id, {200, ""});
            const Json& status = body["entry"][0]["changes"][0]["value"]["statuses"][0];
            if (status["status"] == "failed") return status["errors"][0]["code"];
        }
        return 0;
    }
    Json inbound(const Json& message) {
        const auto sent = cloud_->user_message({{"from", user}, {"message", message}});
        EXPECT_TRUE(sent) << sent.error().message();
        for (const WebhookPost& post : cloud_->step(clock_.mono())) {
            cloud_->answered(post.id, {200, ""});
            return Json::parse(post.body)["entry"][0]["changes"][0]["value"]["messages"][0];
        }
        return nullptr;
    }

    FakeClock clock_;
    FakeRandom random_;
    std::unique_ptr<Cloud> cloud_;
};

TEST_F(CloudMediaTest, gives_back_what_was_uploaded) {
    const std::string bytes = "%PDF\r\n--" + boundary.substr(1) + "\0binary";
    const std::string id = uploaded(bytes, "application/pdf");
    const Json facts = Json::parse(graph("GET", id, "", "phone_number_id=111").body);
    EXPECT_EQ(facts["mime_type"], "application/pdf");
    EXPECT_EQ(facts["sha256"], to_hex(sha256(bytes)));
    EXPECT_EQ(facts["file_size"], bytes.size());
    EXPECT_EQ(facts["messaging_product"], "whatsapp");
    const HttpResponse file = download(id);
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.content_type, "application/pdf");
    EXPECT_EQ(file.body, bytes);
}

TEST_F(CloudMediaTest, refuses_uploads_as_graph_does) {
    EXPECT_EQ(code(upload("MZ", "application/x-msdownload")), 100);
    EXPECT_EQ(code(upload("", "image/png")), 131053);
    EXPECT_EQ(code(upload(std::string((5U << 20) + 1, 'x'), "image/png")), 131053);
    EXPECT_EQ(upload(std::string(5U << 20, 'x'), "image/png").status, 200);
    const GraphAnswer json =
        cloud_->graph({"POST", "v25.0", "111", "media", "Bearer token", "", "application/json", "{}", ""});
    EXPECT_EQ(code(json.response), 100);
}

TEST_F(CloudMediaTest, needs_the_owners_token) {
    const std::string id = uploaded("x", "image/png");
    EXPECT_EQ(code(graph("GET", id, "", "", "")), 190);
    EXPECT_EQ(code(graph("GET", id, "", "", "Bearer other")), 190);
    EXPECT_EQ(code(graph("GET", id, "", "phone_number_id=222")), 100);
    EXPECT_EQ(download(id, "").status, 401);
    EXPECT_EQ(download(id, "Bearer other").status, 401);
}

TEST_F(CloudMediaTest, lets_download_urls_expire_after_five_minutes) {
    const std::string id = uploaded("x", "image/png");
    const std::string url = Json::parse(graph("GET", id).body)["url"];
    const std::string query = url.substr(url.find('?') + 1);
    clock_.advance(Millis{299'000});
    EXPECT_EQ(cloud_->download("Bearer token", query).status, 200);
    clock_.advance(Millis{1'000});
    EXPECT_EQ(cloud_->download("Bearer token", query).status, 404);
    EXPECT_EQ(download(id).status, 200);
    std::string forged = query;
    forged.replace(forged.find("ext=") + 4, 1, "9");
    EXPECT_EQ(cloud_->download("Bearer token", forged).status, 404);
}

TEST_F(CloudMediaTest, forgets_uploads_after_thirty_days_and_what_users_sent_after_seven) {
    const std::string mine = uploaded("x", "image/png");
    const std::string theirs = inbound({{"type", "image"}})["image"]["id"];
    clock_.advance(std::chrono::hours(7 * 24));
    EXPECT_EQ(code(graph("GET", theirs)), 100);
    EXPECT_EQ(graph("GET", mine).status, 200);
    clock_.advance(std::chrono::hours(23 * 24));
    EXPECT_EQ(code(graph("GET", mine)), 100);
}

TEST_F(CloudMediaTest, shortens_these_times_by_switches) {
    ASSERT_TRUE(cloud_->change_behaviour({{"uploads_kept_ms", 1000}, {"media_url_for_ms", 2000}}));
    const std::string id = uploaded("x", "image/png");
    clock_.advance(Millis{1000});
    EXPECT_EQ(graph("GET", id).status, 400);
    EXPECT_FALSE(cloud_->change_behaviour({{"received_kept_ms", -1}}));
}

TEST_F(CloudMediaTest, deletes_media) {
    const std::string id = uploaded("x", "image/png");
    EXPECT_EQ(graph("DELETE", id).body, R"({"success":true})");
    EXPECT_EQ(code(graph("GET", id)), 100);
    EXPECT_EQ(code(graph("DELETE", id)), 100);
}

TEST_F(CloudMediaTest, shows_a_users_file_in_the_webhook_with_a_base64_hash) {
    const std::string bytes = "JFIF a photo";
    const Json image = inbound(
        {{"type", "image"},
         {"image",
          {{"caption", "my PAN"}, {"mime_type", "image/jpeg"}, {"data", to_base64(bytes)}}}})["image"];
    const Sha256 hash = sha256(bytes);
    EXPECT_EQ(image["sha256"], to_base64({reinterpret_cast<const char*>(hash.data()), hash.size()}));
    EXPECT_EQ(image["caption"], "my PAN");
    EXPECT_FALSE(image.contains("data"));
    EXPECT_TRUE(std::string(image["url"]).starts_with("http://sim.test/whatsapp_business/attachments/?mid="));
    EXPECT_EQ(download(image["id"]).body, bytes);
    EXPECT_FALSE(
        cloud_->user_message({{"from", user}, {"message", {{"type", "image"}, {"image", {{"data", "%"}}}}}}));
}

TEST_F(CloudMediaTest, makes_a_file_up_when_a_user_gives_none) {
    for (const char* kind : {"image", "video", "audio", "document", "sticker"}) {
        const Json message = inbound({{"type", kind}});
        EXPECT_FALSE(download(message[kind]["id"]).body.empty()) << kind;
    }
    EXPECT_EQ(inbound({{"type", "image"}, {"image", {{"id", "77"}}}})["image"]["id"], "77");
}

TEST_F(CloudMediaTest, sends_media_of_the_number_only) {
    const std::string id = uploaded("x", "image/png");
    EXPECT_EQ(send("image", id).status, 200);
    EXPECT_EQ(failed_code(), 0);
    EXPECT_EQ(code(send("image", "4711")), 131009);
    EXPECT_EQ(code(send("image", uploaded("x", "image/png", "222"))), 131009);
}

TEST_F(CloudMediaTest, fails_a_send_of_media_that_cannot_be_used_by_status) {
    const std::string id = uploaded("x", "image/png");
    EXPECT_EQ(send("video", id).status, 200);
    EXPECT_EQ(failed_code(), 131053);
    ASSERT_EQ(graph("DELETE", id).status, 200);
    EXPECT_EQ(send("image", id).status, 200);
    EXPECT_EQ(failed_code(), 131053);
}

}  // namespace
}  // namespace parley::sim
