// The contract's layout in C++20, and its rule for structs that grow.
#include <gtest/gtest.h>

#include "abi_layout.h"

namespace {

TEST(PluginContract, has_reads_only_what_the_maker_of_the_struct_knew) {
    parley_agent agent{};
    agent.struct_size = offsetof(parley_agent, reconfigure);
    EXPECT_TRUE(PARLEY_HAS(&agent, on_cancel));
    EXPECT_FALSE(PARLEY_HAS(&agent, reconfigure));
    EXPECT_FALSE(PARLEY_HAS(&agent, destroy));
    agent.struct_size = offsetof(parley_agent, reconfigure) + 1;
    EXPECT_FALSE(PARLEY_HAS(&agent, reconfigure)) << "half a field is not a field";
}

TEST(PluginContract, has_covers_all_fields_of_a_struct_of_this_version) {
    const parley_host host{.struct_size = sizeof(parley_host)};
    EXPECT_TRUE(PARLEY_HAS(&host, struct_size));
    EXPECT_TRUE(PARLEY_HAS(&host, random));
}

}  // namespace
