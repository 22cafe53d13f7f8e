// Order, batches, duplicates and retries of webhooks.
#include "simulator/webhook_queue.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"

namespace parley::sim {
namespace {

class WebhookQueueTest : public ::testing::Test {
  protected:
    void push(const std::string& lane, const std::string& wamid, const std::string& number = "9",
              WebhookItem::Kind kind = WebhookItem::Kind::message) {
        WebhookItem item;
        item.kind = kind;
        item.wamid = wamid;
        item.phone_number_id = number;
        item.user = lane;
        item.lane = lane;
        item.element = {{"id", wamid}};
        item.contact = {{"wa_id", lane}};
        ASSERT_TRUE(queue_.push(std::move(item), clock_.mono(), behaviour_, random_));
    }

    // The wamids of the next batch, and its id; empty: nothing is due.
    std::vector<std::string> take() {
        std::vector<std::string> wamids;
        const WebhookBatch* batch = queue_.take(clock_.mono(), behaviour_);
        if (!batch) return wamids;
        id_ = batch->id;
        for (const WebhookItem& item : batch->items) wamids.push_back(item.wamid);
        return wamids;
    }
    std::optional<Millis> fail() {
        WebhookBatch gone;
        return queue_.failed(id_, clock_.mono(), behaviour_, random_, gone);
    }

    using Wamids = std::vector<std::string>;
    FakeClock clock_;
    FakeRandom random_;
    Behaviour behaviour_;
    WebhookQueue queue_;
    std::uint64_t id_ = 0;
};

TEST_F(WebhookQueueTest, sends_the_next_item_of_a_lane_after_the_answer_to_the_one_before) {
    push("a", "1");
    push("a", "2");
    push("b", "3");
    EXPECT_EQ(take(), Wamids{"1"});
    const std::uint64_t first = id_;
    EXPECT_EQ(take(), Wamids{"3"});
    EXPECT_EQ(take(), Wamids{});
    queue_.succeeded(first);
    EXPECT_EQ(take(), Wamids{"2"});
}

TEST_F(WebhookQueueTest, retries_at_once_and_then_later_and_later) {
    push("a", "1");
    take();
    EXPECT_EQ(fail(), Millis{0});
    Millis last{0};
    for (int i = 0; i < 12; ++i) {
        ASSERT_EQ(take(), Wamids{"1"});
        const auto wait = fail();
        ASSERT_TRUE(wait);
        EXPECT_GE(*wait + behaviour_.retry_first, last / 2);
        EXPECT_LE(*wait, behaviour_.retry_cap);
        EXPECT_GT(*wait, Millis{0});
        last = *wait;
        EXPECT_EQ(take(), Wamids{});
        clock_.advance(*wait);
    }
    EXPECT_GE(last, behaviour_.retry_cap / 2);
    ASSERT_EQ(take(), Wamids{"1"});
    queue_.succeeded(id_);
    EXPECT_EQ(queue_.counts().delivered, 1U);
    EXPECT_EQ(queue_.counts().retried, 13U);
    EXPECT_FALSE(queue_.next_due(behaviour_));
}

TEST_F(WebhookQueueTest, gives_up_after_its_time_and_goes_on_with_the_lane) {
    push("a", "1");
    push("a", "2");
    take();
    clock_.advance(behaviour_.retry_for);
    EXPECT_FALSE(fail());
    EXPECT_EQ(queue_.counts().given_up, 1U);
    EXPECT_EQ(take(), Wamids{"2"});
}

TEST_F(WebhookQueueTest, hastens_a_retry_when_the_lane_gets_a_new_item) {
    push("a", "1");
    take();
    fail();
    take();
    ASSERT_GT(*fail(), Millis{0});
    EXPECT_EQ(take(), Wamids{});
    push("a", "2");
    EXPECT_EQ(take(), Wamids{"1"});
}

TEST_F(WebhookQueueTest, batches_what_is_due_and_keeps_the_order_of_a_lane) {
    behaviour_.batch = 3;
    push("a", "1");
    push("a", "2");
    push("b", "3");
    push("b", "4");
    EXPECT_EQ(take(), (Wamids{"1", "2", "3"}));
    EXPECT_EQ(take(), Wamids{});
    queue_.succeeded(id_);
    EXPECT_EQ(take(), Wamids{"4"});
}

TEST_F(WebhookQueueTest, delivers_duplicates_as_often_as_told) {
    behaviour_.duplicates = 2;
    push("a", "1");
    EXPECT_EQ(take(), Wamids{"1"});
    EXPECT_EQ(take(), Wamids{"1"});
    EXPECT_EQ(take(), Wamids{"1"});
    EXPECT_EQ(take(), Wamids{});
}

TEST_F(WebhookQueueTest, shuffles_within_the_given_time) {
    behaviour_.shuffle = Millis{1000};
    for (int i = 0; i < 20; ++i) push("a", std::to_string(i));
    Wamids order;
    for (int ms = 0; ms <= 1000; ++ms) {
        for (Wamids next = take(); !next.empty(); next = take()) {
            order.push_back(next.front());
            queue_.succeeded(id_);
        }
        clock_.advance(Millis{1});
    }
    ASSERT_EQ(order.size(), 20U);
    Wamids sorted;
    for (int i = 0; i < 20; ++i) sorted.push_back(std::to_string(i));
    EXPECT_NE(order, sorted);
}

TEST_F(WebhookQueueTest, keeps_so_many_posts_in_flight_and_no_more) {
    behaviour_.webhooks_in_flight = 2;
    for (const char* lane : {"a", "b", "c"}) push(lane, lane);
    EXPECT_EQ(take(), Wamids{"a"});
    EXPECT_EQ(take(), Wamids{"b"});
    EXPECT_EQ(take(), Wamids{});
    queue_.succeeded(id_);
    EXPECT_EQ(take(), Wamids{"c"});
}

TEST_F(WebhookQueueTest, ignores_the_answer_to_what_was_cleared) {
    push("a", "1");
    take();
    queue_.clear();
    EXPECT_FALSE(fail());
    EXPECT_TRUE(queue_.succeeded(id_).items.empty());
    push("a", "2");
    EXPECT_EQ(take(), Wamids{"2"});
}

TEST(WebhookBody, groups_by_account_number_and_kind) {
    const auto number = [](const std::string& id) {
        return SimulatorNumber{id, "+1 555-000-" + id, id == "3" ? "w2" : "w1", "", ""};
    };
    std::vector<WebhookItem> items;
    const auto add = [&](const char* wamid, const char* phone, const char* user, WebhookItem::Kind kind) {
        WebhookItem item;
        item.kind = kind;
        item.wamid = wamid;
        item.phone_number_id = phone;
        item.element = {{"id", wamid}};
        if (user) item.contact = {{"wa_id", user}};
        items.push_back(std::move(item));
    };
    add("m1", "1", "u", WebhookItem::Kind::message);
    add("m2", "1", "u", WebhookItem::Kind::message);
    add("s1", "1", nullptr, WebhookItem::Kind::status);
    add("m3", "2", "v", WebhookItem::Kind::message);
    add("m4", "3", "v", WebhookItem::Kind::message);
    const Json body = webhook_body(items, number);
    ASSERT_EQ(body["entry"].size(), 2U);
    EXPECT_EQ(body["entry"][0]["id"], "w1");
    ASSERT_EQ(body["entry"][0]["changes"].size(), 3U);
    const Json& first = body["entry"][0]["changes"][0]["value"];
    EXPECT_EQ(first["metadata"]["display_phone_number"], "15550001");
    EXPECT_EQ(first["contacts"].size(), 1U);
    EXPECT_EQ(first["messages"].size(), 2U);
    EXPECT_FALSE(body["entry"][0]["changes"][1]["value"].contains("contacts"));
    EXPECT_EQ(body["entry"][1]["changes"][0]["field"], "messages");
}

}  // namespace
}  // namespace parley::sim
