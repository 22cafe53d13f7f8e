#include "firestore/client.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_firestore.hpp"
#include "fakes/firestore_client.hpp"

namespace parley::firestore {
namespace {

using fakes::FakeFirestore;
using Fault = FakeFirestore::Fault;

class FirestoreCalls : public testing::Test {
  protected:
    FakeFirestore cloud;
    fakes::FirestoreClient with{cloud};
    Client& client = with.client;

    Result<> write() {
        return client.commit({client.update("c/a", {{"n", integer(1)}}, Client::no_matter())});
    }
    double counted(const char* result) {
        return with.metrics.counter("parley_firestore_calls_total", "", {{"result", result}}).value();
    }
};

TEST_F(FirestoreCalls, are_tried_again_after_longer_and_longer_pauses) {
    cloud.troubles = {{Fault::answer, 409, "ABORTED"},
                      {Fault::answer, 429, "RESOURCE_EXHAUSTED"},
                      {Fault::answer, 503, "UNAVAILABLE"},
                      {Fault::refuse_connection}};
    ASSERT_TRUE(write());
    const auto waits = with.pause.waits();
    ASSERT_EQ(waits.size(), 4U);
    const std::vector<Millis> whole{Millis{250}, Millis{500}, Millis{1000}, Millis{2000}};
    for (std::size_t i = 0; i < waits.size(); ++i) {
        EXPECT_GE(waits[i], whole[i] / 2);
        EXPECT_LE(waits[i], whole[i]);
    }
    EXPECT_EQ(counted("retried"), 4);
    EXPECT_EQ(counted("ok"), 1);
}

TEST_F(FirestoreCalls, give_up_after_five_tries) {
    cloud.troubles.assign(9, {Fault::answer, 503, "UNAVAILABLE"});
    const auto failed = write();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(),
              Error(Errc::unavailable, "Firestore does not work now: UNAVAILABLE (told by Google)"));
    EXPECT_EQ(cloud.calls().size(), 5U);
    EXPECT_EQ(counted("failed"), 1);
}

TEST_F(FirestoreCalls, end_in_time_and_after_a_stop) {
    fakes::FirestoreClient hasty{cloud, {.project = "p", .emulator = "fake:1", .patience = Millis{400}}};
    cloud.troubles.assign(9, {Fault::refuse_connection});
    const MonoTime began = hasty.clock.mono();
    EXPECT_FALSE(hasty.client.list("c", 10, ""));
    EXPECT_LE(hasty.clock.mono() - began, Millis{400});
    for (const HttpCall& call : cloud.calls()) EXPECT_LE(call.timeout, Millis{400});

    with.pause.is_stopped = true;
    const std::size_t before = cloud.calls().size();
    EXPECT_FALSE(write());
    EXPECT_EQ(cloud.calls().size(), before + 1);
}

TEST_F(FirestoreCalls, that_may_have_written_say_so) {
    cloud.troubles.assign(5, {Fault::lose_answer});
    const auto doubtful = write();
    ASSERT_FALSE(doubtful);
    EXPECT_EQ(doubtful.error(), Error(Errc::unavailable,
                                      "Firestore cannot be reached: connection reset; what was to be "
                                      "written may have been written"));
    EXPECT_FALSE(cloud.fields_of("c/a").is_null());
}

TEST_F(FirestoreCalls, say_what_to_do_when_they_are_not_allowed) {
    cloud.troubles = {{Fault::answer, 403, "PERMISSION_DENIED"}};
    EXPECT_EQ(client.get({"c/a"}).error(),
              Error(Errc::unavailable,
                    "Firestore refuses: PERMISSION_DENIED (told by Google); give the emulator's owner the "
                    "role Cloud Datastore User (roles/datastore.user) in the project p"));
    cloud.troubles = {{Fault::answer, 404, "NOT_FOUND"}};
    EXPECT_EQ(client.list("c", 10, "").error(),
              Error(Errc::unavailable,
                    "Firestore refuses: NOT_FOUND (told by Google); the project p needs a "
                    "database (default) in native mode"));
    cloud.troubles = {{Fault::answer, 400, "INVALID_ARGUMENT"}};
    EXPECT_EQ(write().error(),
              Error(Errc::invalid_input, "Firestore refuses: INVALID_ARGUMENT (told by Google)"));
    EXPECT_EQ(cloud.calls().size(), 3U) << "none is tried again";
}

// Counts the tokens it gives.
class Numbered final : public TokenSource {
  public:
    Result<FreshToken> fetch() override {
        return FreshToken{Secret("token-" + std::to_string(++given)), std::chrono::hours(1)};
    }
    std::string who() const override { return "nobody"; }
    int given = 0;
};

TEST_F(FirestoreCalls, fetch_another_token_once_when_theirs_is_not_taken) {
    AccessTokens tokens(std::make_unique<Numbered>(), with.clock);
    Client numbered({.project = "p"}, {cloud, tokens, with.clock, with.random, with.pause, with.metrics});
    cloud.token = "token-2";
    ASSERT_TRUE(numbered.get({"c/a"}));
    EXPECT_EQ(cloud.calls().size(), 2U);
    EXPECT_TRUE(cloud.calls().front().url.starts_with(
        "https://firestore.googleapis.com/v1/projects/p/databases/(default)/documents"));
    cloud.token = "never";
    const auto refused = numbered.get({"c/a"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(cloud.calls().size(), 4U);
    EXPECT_EQ(refused.error().message().find("token-"), std::string::npos);
}

TEST_F(FirestoreCalls, write_all_or_nothing) {
    ASSERT_TRUE(write());
    const auto failed = client.commit({client.update("c/b", {{"n", integer(2)}}, Client::no_matter()),
                                       client.update("c/a", {{"n", integer(2)}}, Json{{"exists", false}})});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), Errc::conflict);
    EXPECT_TRUE(cloud.fields_of("c/b").is_null());
}

TEST_F(FirestoreCalls, do_not_take_silence_for_a_missing_document) {
    class Silent final : public HttpClient {
      public:
        HttpCallId start(HttpCall, Completion<HttpOutcome> done) override {
            done({HttpReply{200, {}, body}, {}});
            return 0;
        }
        void cancel(HttpCallId) override {}
        std::string body;
    } silent;
    fakes::FirestoreClient with_silent{silent};
    for (const char* body : {"[]", "{}", "[{\"readTime\":\"x\"}]", "<html>", "[{\"missing\":5}]"}) {
        silent.body = body;
        const auto read = with_silent.client.get({"c/a"});
        ASSERT_FALSE(read) << body;
        EXPECT_EQ(read.error().code(), Errc::corrupt);
    }
    silent.body = R"([{"error":{"code":503,"status":"UNAVAILABLE","message":"later"}}])";
    EXPECT_EQ(with_silent.client.query(Json::object()).error().code(), Errc::unavailable);
}

TEST(FirestoreValue, reads_times_as_firestore_writes_them) {
    const std::vector<std::pair<std::string, std::int64_t>> known{
        {"1970-01-01T00:00:00Z", 0},
        {"2026-09-21T14:13:20.123456Z", 1'790'000'000'123},
        {"2026-09-21T14:13:20.5Z", 1'790'000'000'500},
        {"2026-09-21T14:13:20.123456789Z", 1'790'000'000'123}};
    for (const auto& [text, ms] : known) EXPECT_EQ(parse_time(text), from_unix_ms(ms)) << text;
    for (const char* wrong : {"", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z",
                              "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00"})
        EXPECT_FALSE(parse_time(wrong)) << wrong;
}

}  // namespace
}  // namespace parley::firestore
