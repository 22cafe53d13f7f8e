// Media both ways: a file that a user sent reaches the agent, one that the agent made reaches the user.
#include "base/base64.hpp"
#include "base/crypto/hmac.hpp"
#include "world.hpp"

namespace parley::scenario {
namespace {

class MediaBothWays : public World {
  protected:
    void start(sim::Behaviour behaviour = quick_statuses()) {
        deployments =
            deployment("shop", "111", "{}", "", PARLEY_BINARY_DIR "/tests/scenario-agents/archivist.so") +
            deployment("desk", "222", "{}", "", PARLEY_BINARY_DIR "/tests/scenario-agents/archivist.so");
        start_graph(std::move(behaviour));
        start_engine();
    }
    void send_photo(int who, const std::string& bytes, const std::string& number = "111") {
        const auto sent = graph->cloud().user_message(
            {{"from", person(who)},
             {"phone_number_id", number},
             {"message",
              {{"type", "image"}, {"image", {{"mime_type", "image/jpeg"}, {"data", to_base64(bytes)}}}}}});
        ASSERT_TRUE(sent) << sent.error().message();
    }
    static std::string facts(const std::string& bytes) {
        return "image/jpeg " + std::to_string(bytes.size()) + ' ' + to_hex(sha256(bytes)) + ' ' + bytes;
    }
    bool reads(int who, const std::vector<std::string>& texts) {
        return eventually([&] { return texts_to(person(who)).size() >= texts.size(); }) &&
               texts_to(person(who)) == texts;
    }
    std::int64_t count(const char* what) const {
        const sim::Json counts = graph->cloud().state("", 1).at("sends").at("counts");
        return counts.value(what, 0);
    }
    std::filesystem::path cache() const { return store_folder / "parley.db.media"; }
};

TEST_F(MediaBothWays, an_agent_reads_the_photo_that_a_user_sent) {
    start();
    send_photo(91, "JFIF one");
    EXPECT_TRUE(reads(91, {facts("JFIF one")})) << texts_to(person(91)).at(0);
    EXPECT_TRUE(std::filesystem::exists(cache() / to_hex(sha256("JFIF one"))));
}

TEST_F(MediaBothWays, a_url_that_expires_before_the_download_is_looked_up_again) {
    sim::Behaviour behaviour = quick_statuses();
    behaviour.expired_downloads = 1;
    start(behaviour);
    send_photo(91, "JFIF one");
    EXPECT_TRUE(reads(91, {facts("JFIF one")})) << texts_to(person(91)).at(0);
    EXPECT_EQ(count("media_lookups"), 2);
    EXPECT_EQ(count("media_downloads"), 1);
}

TEST_F(MediaBothWays, a_file_is_downloaded_once_also_over_a_restart) {
    start();
    send_photo(91, "JFIF one");
    ASSERT_TRUE(reads(91, {facts("JFIF one")}));
    send_photo(92, "JFIF one", "222");
    ASSERT_TRUE(reads(92, {facts("JFIF one")}));
    engine.reset();
    start_engine();
    send_photo(93, "JFIF one");
    EXPECT_TRUE(reads(93, {facts("JFIF one")}));
    EXPECT_EQ(count("media_downloads"), 1);
    EXPECT_EQ(count("media_lookups"), 3);
}

TEST_F(MediaBothWays, media_that_is_gone_is_an_answer_that_the_agent_can_give) {
    sim::Behaviour behaviour = quick_statuses();
    behaviour.received_kept = Millis{0};
    start(behaviour);
    send_photo(91, "JFIF one");
    ASSERT_TRUE(eventually([&] { return !texts_to(person(91)).empty(); }));
    EXPECT_TRUE(texts_to(person(91)).at(0).starts_with("invalid: media 1000000000000001: "))
        << texts_to(person(91)).at(0);
    EXPECT_EQ(texts_to(person(91)).at(0).find("scenario-token"), std::string::npos);
}

TEST_F(MediaBothWays, a_document_that_the_agent_made_reaches_the_user) {
    start();
    ASSERT_TRUE(graph->cloud().user_message({{"from", person(91)}, {"text", "terms please"}}));
    ASSERT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(count("uploads"), 1);
    ASSERT_TRUE(graph->cloud().wait_idle(Millis{20'000}));
    const sim::Json message =
        graph->cloud().state(person(91), 10)["sends"]["recipients"][person(91)]["messages"][0];
    EXPECT_EQ(message["type"], "document");
    EXPECT_EQ(message["status"], "delivered") << message.dump();
    HttpCall call;
    call.url = graph->url() + "/v25.0/1000000000000001";
    call.headers = {{"Authorization", "Bearer scenario-token"}};
    const HttpOutcome facts = ask(call);
    ASSERT_TRUE(facts.reply);
    EXPECT_EQ(sim::Json::parse(facts.reply->body)["sha256"], to_hex(sha256("%PDF terms please")));
}

}  // namespace
}  // namespace parley::scenario
