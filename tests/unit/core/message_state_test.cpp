#include "core/message_state.hpp"

#include <gtest/gtest.h>

#include "core/message.hpp"

namespace parley {
namespace {

constexpr OutboundState all_outbound[] = {
    OutboundState::queued,  OutboundState::sending,   OutboundState::held, OutboundState::sent,
    OutboundState::failed,  OutboundState::delivered, OutboundState::read, OutboundState::played,
    OutboundState::expired, OutboundState::cancelled};

// Databases hold these numbers: a change of one makes every stored message mean something else.
TEST(StoredNumbers, of_inbound_states_never_change) {
    EXPECT_EQ(static_cast<int>(InboundState::stored), 0);
    EXPECT_EQ(static_cast<int>(InboundState::unrouted), 1);
    EXPECT_EQ(static_cast<int>(InboundState::open), 2);
    EXPECT_EQ(static_cast<int>(InboundState::answered), 3);
    EXPECT_EQ(static_cast<int>(InboundState::dead), 4);
}

TEST(StoredNumbers, of_outbound_states_never_change) {
    EXPECT_EQ(static_cast<int>(OutboundState::queued), 0);
    EXPECT_EQ(static_cast<int>(OutboundState::sending), 1);
    EXPECT_EQ(static_cast<int>(OutboundState::held), 2);
    EXPECT_EQ(static_cast<int>(OutboundState::sent), 3);
    EXPECT_EQ(static_cast<int>(OutboundState::failed), 4);
    EXPECT_EQ(static_cast<int>(OutboundState::delivered), 5);
    EXPECT_EQ(static_cast<int>(OutboundState::read), 6);
    EXPECT_EQ(static_cast<int>(OutboundState::played), 7);
    EXPECT_EQ(static_cast<int>(OutboundState::expired), 8);
    EXPECT_EQ(static_cast<int>(OutboundState::cancelled), 9);
}

TEST(StoredNumbers, of_kinds_of_items_never_change) {
    EXPECT_EQ(static_cast<int>(ItemKind::message), 0);
    EXPECT_EQ(static_cast<int>(ItemKind::status), 1);
    EXPECT_EQ(static_cast<int>(ItemKind::error), 2);
    EXPECT_EQ(static_cast<int>(ItemKind::change), 3);
}

TEST(OutboundStates, are_moved_forward_only) {
    EXPECT_TRUE(moves_forward(OutboundState::queued, OutboundState::sent));
    EXPECT_TRUE(moves_forward(OutboundState::held, OutboundState::sent));
    EXPECT_TRUE(moves_forward(OutboundState::sent, OutboundState::delivered));
    EXPECT_TRUE(moves_forward(OutboundState::sent, OutboundState::read));
    EXPECT_FALSE(moves_forward(OutboundState::read, OutboundState::delivered));
    EXPECT_FALSE(moves_forward(OutboundState::delivered, OutboundState::failed));
    EXPECT_FALSE(moves_forward(OutboundState::sent, OutboundState::queued));
    for (const OutboundState state : all_outbound) EXPECT_FALSE(moves_forward(state, state));
}

// Meta reports a failure first and the delivery of a later try of its own after it.
TEST(OutboundStates, believe_a_delivery_after_a_failure) {
    EXPECT_TRUE(moves_forward(OutboundState::failed, OutboundState::delivered));
    EXPECT_TRUE(moves_forward(OutboundState::failed, OutboundState::read));
}

TEST(OutboundStates, stay_where_we_ended_a_message_ourselves) {
    for (const OutboundState state : all_outbound) {
        EXPECT_FALSE(moves_forward(OutboundState::expired, state));
        EXPECT_FALSE(moves_forward(OutboundState::cancelled, state));
        EXPECT_FALSE(moves_forward(state, OutboundState::expired)) << "no status says expired";
        EXPECT_FALSE(moves_forward(state, OutboundState::cancelled)) << "no status says cancelled";
    }
}

TEST(OutboundStates, are_settled_once_nothing_more_is_sent) {
    for (const OutboundState state : all_outbound) {
        const bool waits =
            state == OutboundState::queued || state == OutboundState::sending || state == OutboundState::held;
        EXPECT_EQ(is_settled(state), !waits) << to_string(state);
    }
}

TEST(OutboundStates, know_the_words_of_metas_statuses_and_no_others) {
    EXPECT_EQ(outbound_state_of("sent"), OutboundState::sent);
    EXPECT_EQ(outbound_state_of("failed"), OutboundState::failed);
    EXPECT_EQ(outbound_state_of("delivered"), OutboundState::delivered);
    EXPECT_EQ(outbound_state_of("read"), OutboundState::read);
    EXPECT_EQ(outbound_state_of("played"), OutboundState::played);
    for (const char* other : {"", "Sent", "sent ", "warning", "deleted", "queued", "held", "cancelled"})
        EXPECT_EQ(outbound_state_of(other), std::nullopt) << other;
}

TEST(States, have_names_for_people) {
    EXPECT_STREQ(to_string(InboundState::unrouted), "unrouted");
    EXPECT_STREQ(to_string(InboundState::dead), "dead");
    EXPECT_STREQ(to_string(OutboundState::held), "held");
    EXPECT_STREQ(to_string(static_cast<OutboundState>(200)), "unknown");
    EXPECT_STREQ(to_string(static_cast<InboundState>(200)), "unknown");
}

}  // namespace
}  // namespace parley
