#include "core/account_registry.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

Deployment deployment(const std::string& id, const std::string& channel, bool is_default = false) {
    Deployment made;
    made.id = DeploymentId(id);
    made.channel = PhoneNumberId(channel);
    made.is_default = is_default;
    return made;
}

TEST(AccountRegistry, finds_a_deployment_by_its_number_and_by_its_name) {
    AccountRegistry registry;
    registry.replace({deployment("shop", "111"), deployment("bank", "222")});
    EXPECT_EQ(registry.by_channel(PhoneNumberId("222"))->id, DeploymentId("bank"));
    EXPECT_EQ(registry.by_id(DeploymentId("shop"))->channel, PhoneNumberId("111"));
    EXPECT_EQ(registry.by_channel(PhoneNumberId("333")), nullptr);
    EXPECT_EQ(registry.by_channel(PhoneNumberId("shop")), nullptr);
    EXPECT_EQ(registry.by_id(DeploymentId("111")), nullptr);
}

TEST(AccountRegistry, knows_nobody_before_it_is_filled) {
    const AccountRegistry registry;
    EXPECT_EQ(registry.by_channel(PhoneNumberId("111")), nullptr);
    EXPECT_EQ(registry.by_id(DeploymentId("shop")), nullptr);
    EXPECT_EQ(registry.fallback(), nullptr);
    EXPECT_TRUE(registry.all().empty());
}

TEST(AccountRegistry, lists_deployments_in_the_order_given) {
    AccountRegistry registry;
    registry.replace({deployment("z", "1"), deployment("a", "2"), deployment("m", "3")});
    std::vector<std::string> names;
    for (const DeploymentPtr& each : registry.all()) names.push_back(each->id.str());
    EXPECT_EQ(names, (std::vector<std::string>{"z", "a", "m"}));
}

TEST(AccountRegistry, falls_back_to_the_default_only) {
    AccountRegistry registry;
    registry.replace({deployment("shop", "111"), deployment("bank", "222", true)});
    ASSERT_NE(registry.fallback(), nullptr);
    EXPECT_EQ(registry.fallback()->id, DeploymentId("bank"));
    registry.replace({deployment("shop", "111")});
    EXPECT_EQ(registry.fallback(), nullptr);
}

TEST(AccountRegistry, forgets_the_old_when_it_is_replaced_but_leaves_it_to_its_holders) {
    AccountRegistry registry;
    registry.replace({deployment("shop", "111")});
    const DeploymentPtr held = registry.by_id(DeploymentId("shop"));
    registry.replace({deployment("bank", "222")});
    EXPECT_EQ(registry.by_channel(PhoneNumberId("111")), nullptr);
    EXPECT_EQ(registry.all().size(), 1U);
    EXPECT_EQ(held->channel, PhoneNumberId("111"));
}

}  // namespace
}  // namespace parley
