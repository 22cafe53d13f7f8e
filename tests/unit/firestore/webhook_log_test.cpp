#include "firestore/webhook_log.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_firestore.hpp"
#include "fakes/firestore_client.hpp"
#include "firestore/webhook_document.hpp"

namespace parley::firestore {
namespace {

using fakes::FakeFirestore;
using Fault = FakeFirestore::Fault;

const std::string collection = "whatsapp_webhook_logs";

LoggedItem message(const std::string& id, const std::string& user = "919800000001",
                   const std::string& payload = R"({"messages":[{"type":"text"}]})") {
    LoggedItem logged;
    logged.deployment = DeploymentId("shop");
    logged.item.kind = ItemKind::message;
    logged.item.channel = PhoneNumberId("111");
    logged.item.dedup_id = id;
    logged.item.raw_json = payload;
    logged.item.message.emplace();
    logged.item.message->type = "text";
    logged.item.message->from.wa_id = user;
    logged.post.received_at = from_unix_ms(1'790'000'000'000);
    return logged;
}

RefusedPost refusal(int n) {
    return RefusedPosts().note(from_unix_ms(1'790'000'000'000 + n), "192.0.2.1", "rubbish", 401, "signature");
}

class WebhookLogs : public testing::Test {
  protected:
    FakeFirestore cloud;
    fakes::FirestoreClient with{cloud};
    WebhookLogOptions options{.most_queued = 6, .most_bytes = 2U << 20, .most_in_batch = 2};
    std::unique_ptr<FirestoreWebhookLog> log = make();

    std::unique_ptr<FirestoreWebhookLog> make() {
        return std::make_unique<FirestoreWebhookLog>(options, with.client, with.clock, with.pause,
                                                     with.metrics);
    }
    double counted(const char* result) {
        return with.metrics.counter("parley_firestore_webhook_logs_total", "", {{"result", result}}).value();
    }
    std::size_t kept() { return cloud.paths(collection).size(); }
    void write_all() {
        while (!log->is_empty()) ASSERT_TRUE(log->write_some());
    }
};

TEST_F(WebhookLogs, are_documents_that_a_person_understands_and_expire) {
    log->accepted({message("wamid.1")});
    EXPECT_EQ(kept(), 0U) << "whoever accepts does not write";
    write_all();
    ASSERT_EQ(kept(), 1U);
    const Json fields = cloud.fields_of(cloud.paths(collection).front());
    EXPECT_EQ(fields.at("kind"), text("message"));
    EXPECT_EQ(fields.at("type"), text("text"));
    EXPECT_EQ(fields.at("result"), text("accepted"));
    EXPECT_EQ(fields.at("deployment_id"), text("shop"));
    EXPECT_EQ(fields.at("user"), text("919800000001"));
    EXPECT_EQ(fields.at("payload"), text(R"({"messages":[{"type":"text"}]})"));
    EXPECT_EQ(read_time(fields, "expire_at"), from_unix_ms(1'790'000'000'000) + std::chrono::hours(24 * 30));
}

TEST_F(WebhookLogs, are_written_in_batches_and_once_however_often_they_come) {
    log->accepted({message("wamid.1"), message("wamid.2"), message("wamid.3")});
    log->accepted({message("wamid.1")});
    write_all();
    EXPECT_EQ(kept(), 3U);
    EXPECT_EQ(cloud.count(":commit"), 2U);
    EXPECT_EQ(counted("written"), 4);
}

TEST_F(WebhookLogs, wait_while_firestore_is_down_and_are_dropped_when_the_queue_is_full) {
    cloud.troubles.assign(5, {Fault::refuse_connection});
    log->accepted({message("wamid.1"), message("wamid.2")});
    EXPECT_FALSE(log->write_some());
    for (int i = 3; i < 11; ++i) log->accepted({message("wamid." + std::to_string(i))});
    EXPECT_EQ(counted("full"), 2);
    write_all();
    EXPECT_EQ(kept(), 8U);
    EXPECT_EQ(counted("written"), 8);
}

TEST_F(WebhookLogs, are_bounded_in_bytes) {
    const std::string large(1U << 20, 'x');
    log->accepted(
        {message("wamid.1", "1", large), message("wamid.2", "1", large), message("wamid.3", "1", "small")});
    EXPECT_EQ(counted("full"), 1);
    write_all();
    EXPECT_EQ(kept(), 2U);
    log->accepted({message("wamid.3", "1", "small")});
    write_all();
    EXPECT_EQ(kept(), 3U);
}

TEST_F(WebhookLogs, are_cut_when_they_are_larger_than_a_document) {
    std::string large(most_payload - 1, 'x');
    for (int i = 0; i < 100; ++i) large += "\xC3\xA9";
    log->accepted({message("wamid.1", "1", large)});
    write_all();
    ASSERT_EQ(kept(), 1U);
    const Json fields = cloud.fields_of(cloud.paths(collection).front());
    EXPECT_EQ(fields.at("payload_truncated"), flag(true));
    EXPECT_EQ(read_integer(fields, "payload_bytes"), static_cast<std::int64_t>(large.size()));
    EXPECT_EQ(read_text(fields, "payload")->size(), most_payload - 1) << "not within a character";
}

TEST_F(WebhookLogs, that_firestore_does_not_take_hold_up_no_others) {
    // Bytes that are no UTF-8 take three each on the wire.
    log->accepted({message("wamid.1"), message("wamid.2", "1", std::string(700U << 10, '\xFF'))});
    write_all();
    EXPECT_EQ(kept(), 1U);
    EXPECT_EQ(counted("not_taken"), 1);
    EXPECT_EQ(counted("written"), 1);
}

TEST_F(WebhookLogs, of_refused_posts_are_limited) {
    options.most_queued = 1000;
    log = make();
    for (int i = 0; i < 100; ++i) log->refused(refusal(i));
    write_all();
    EXPECT_EQ(kept(), 60U);
    EXPECT_EQ(counted("limited"), 40);
    const Json fields = cloud.fields_of(cloud.paths(collection).front());
    EXPECT_EQ(fields.at("kind"), text("refused"));
    EXPECT_EQ(fields.at("reason"), text("signature"));
    EXPECT_EQ(fields.at("http_status"), integer(401));
    with.clock.advance(std::chrono::seconds(2));
    log->refused(refusal(200));
    EXPECT_FALSE(log->is_empty());
}

TEST_F(WebhookLogs, of_a_person_are_erased_also_those_that_wait) {
    log->accepted({message("wamid.1"), message("wamid.2"), message("wamid.3", "919800000002")});
    write_all();
    LoggedItem elsewhere = message("wamid.4");
    elsewhere.item.channel = PhoneNumberId("222");
    LoggedItem by_user_id = message("wamid.5", "");
    by_user_id.item.message->from.user_id = "IN.1";
    log->accepted({elsewhere, by_user_id});
    write_all();
    log->accepted({message("wamid.6"), message("wamid.7", "919800000002")});
    ASSERT_TRUE(log->erase(PhoneNumberId("111"), {"919800000001", "IN.1"}));
    write_all();
    std::vector<std::string> left;
    for (const std::string& path : cloud.paths(collection))
        left.push_back(read_text(cloud.fields_of(path), "item_id").value());
    std::sort(left.begin(), left.end());
    EXPECT_EQ(left, (std::vector<std::string>{"wamid.3", "wamid.4", "wamid.7"}));
}

TEST_F(WebhookLogs, cannot_be_erased_while_firestore_is_down) {
    log->accepted({message("wamid.1")});
    write_all();
    cloud.troubles.assign(5, {Fault::refuse_connection});
    const auto erased = log->erase(PhoneNumberId("111"), {"919800000001", ""});
    ASSERT_FALSE(erased);
    EXPECT_EQ(erased.error().code(), Errc::unavailable);
}

TEST_F(WebhookLogs, are_written_by_a_thread_until_the_end_and_counted_when_they_are_lost) {
    log->start();
    log->accepted({message("wamid.1"), message("wamid.2"), message("wamid.3")});
    log->stop();
    EXPECT_EQ(kept(), 3U);

    log = make();
    cloud.troubles.assign(1000, {Fault::refuse_connection});
    with.pause.is_stopped = true;
    log->start();
    log->accepted({message("wamid.4"), message("wamid.5"), message("wamid.6")});
    log->stop();
    EXPECT_EQ(kept(), 3U);
    EXPECT_EQ(counted("lost"), 3);
}

}  // namespace
}  // namespace parley::firestore
