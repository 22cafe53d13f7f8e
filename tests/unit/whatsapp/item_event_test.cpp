// Which items of a webhook an agent gets: what its manifest asks for, less the statuses that its deployment does not want.
#include "whatsapp/item_event.hpp"

#include <gtest/gtest.h>

#include "unit/whatsapp/samples.hpp"
#include "whatsapp/webhook_parser.hpp"

namespace parley {
namespace {

WebhookItem item_of(const std::string& sample) {
    auto batch = parse_webhook(samples::load(sample), samples::receipt);
    return batch && !batch->items.empty() ? std::move(batch->items.front()) : WebhookItem{};
}

TEST(ItemEvent, tells_all_statuses_that_the_agent_asks_for_unless_some_are_named) {
    Deployment shop;
    const WebhookItem sent = item_of("status_sent"), read = item_of("status_read"),
                      failed = item_of("status_failed");
    EXPECT_FALSE(is_for_agent(read, &shop)) << "the agent asks for none";
    shop.events = {"status"};
    for (const WebhookItem* one : {&sent, &read, &failed}) EXPECT_TRUE(is_for_agent(*one, &shop));
    shop.told = {"message.received", "message.read"};
    EXPECT_FALSE(is_for_agent(sent, &shop));
    EXPECT_TRUE(is_for_agent(read, &shop));
    EXPECT_FALSE(is_for_agent(failed, &shop));
    shop.events = {"status.failed"};
    EXPECT_FALSE(is_for_agent(read, &shop)) << "a name asks for nothing that the agent does not";
}

TEST(ItemEvent, names_leave_messages_and_other_events_alone) {
    Deployment shop;
    shop.events = {"reaction", "field.message_template_status_update"};
    shop.told = {"message.received"};
    EXPECT_TRUE(is_for_agent(item_of("text"), &shop));
    EXPECT_TRUE(is_for_agent(item_of("reaction"), &shop));
    EXPECT_TRUE(is_for_agent(item_of("template_status"), &shop));
}

}  // namespace
}  // namespace parley
