#include "core/outbound.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

OutboundMessage message(const std::string& callback) {
    OutboundMessage made;
    made.callback = callback;
    return made;
}

TEST(Outbound, belongs_to_the_trace_of_the_message_it_answers) {
    OutboundMessage reply = message("p1.01ARZ3NDEKTSV4RRFFQ69G5FAV");
    reply.answered_trace = to_trace_id("0123456789abcdef");
    EXPECT_EQ(trace_of(reply), reply.answered_trace);
}

// The vector is the specification's of ULID.
TEST(Outbound, has_a_trace_of_its_own_by_its_callback_id_when_it_answers_nothing) {
    EXPECT_EQ(to_text(trace_of(message("p1.01ARZ3NDEKTSV4RRFFQ69G5FAV"))),
              "01563e3ab5d3d6764c61efb99302bd5b");
    EXPECT_EQ(to_text(trace_of(message("p1.7ZZZZZZZZZZZZZZZZZZZZZZZZZ"))),
              "ffffffffffffffffffffffffffffffff");
    EXPECT_EQ(to_text(trace_of(message("p1.00000000000000000000000000"))),
              "00000000000000000000000000000001");
}

TEST(Outbound, has_no_trace_without_a_callback_id) {
    for (const char* callback :
         {"", "p1.", "p1.X", "x1.01ARZ3NDEKTSV4RRFFQ69G5FAV", "p1.01ARZ3NDEKTSV4RRFFQ69G5FAU"})
        EXPECT_TRUE(trace_of(message(callback)).is_none()) << callback;
}

}  // namespace
}  // namespace parley
