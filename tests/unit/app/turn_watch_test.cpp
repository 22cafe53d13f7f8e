#include "app/turn_watch.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(RecordPlans, name_every_secret_of_the_configuration) {
    Config config;
    config.admin.api_key = Secret("the-api-key");
    config.admin.keys.push_back({"crm", {}, Secret("the-crm-key"), {"read"}});
    config.whatsapp.apps.push_back(
        {AppId("default"), {}, {}, {Secret("the-app-secret")}, Secret("the-verify-token")});
    DeploymentConfig one;
    one.deployment.id = DeploymentId("shop");
    one.deployment.is_recorded = true;
    one.deployment.access_token = Secret("the-access-token");
    one.deployment.proxy_token = Secret("the-proxy-token");
    one.app_secrets = {Secret("its-app-secret")};
    one.secrets.emplace("crm", Secret("its-secret"));
    one.config_json = R"({"url":"https://example.com","api":{"key":"in-its-config"}})";
    config.deployments.push_back(one);

    const RecordPlans plans = record_plans(config);
    ASSERT_EQ(plans.size(), 1U);
    std::vector<std::string> found = plans.begin()->second.secrets;
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, (std::vector<std::string>{"in-its-config", "its-app-secret", "its-secret",
                                               "the-access-token", "the-api-key", "the-app-secret",
                                               "the-crm-key", "the-proxy-token", "the-verify-token"}));
}

TEST(RecordPlans, are_made_only_where_turns_are_recorded) {
    Config config;
    config.deployments.emplace_back();
    EXPECT_TRUE(record_plans(config).empty());
}

}  // namespace
}  // namespace parley
