#include "host/host_thread_check.hpp"

#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class HostThreadCheck : public BothWays {};

TEST_P(HostThreadCheck, says_yes_in_the_hosts_calls_only) {
    const auto agent = make("probe");
    // In on_event; on a thread of its own; in create.
    EXPECT_EQ(ask(*agent, "where").reply(), text_reply("100"));
}

TEST_P(HostThreadCheck, says_no_on_the_thread_of_another_instance) {
    const auto one = make("probe");
    const auto other = make("probe");
    EXPECT_EQ(ask(*one, "where").reply(), text_reply("100"));
    EXPECT_EQ(ask(*other, "where").reply(), text_reply("100"));
}

INSTANTIATE_TEST_SUITE_P(Agents, HostThreadCheck, both_ways, way_name);

}  // namespace
}  // namespace parley
