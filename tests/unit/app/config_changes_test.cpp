#include "app/config_changes.hpp"

#include <gtest/gtest.h>

#include "unit/app/config_case.hpp"

namespace parley {
namespace {

using namespace test;

Config config(const std::string& text) {
    LoadReport report = load(text);
    EXPECT_EQ(errors_of(report), "");
    return std::move(report.config);
}

struct Taken {
    Config running;
    std::vector<std::string> applied;
    std::vector<std::string> left;
    std::vector<std::string> agents, removed;
};

Taken take(const std::string& before, const std::string& after) {
    Taken taken{config(before), {}, {}, {}, {}};
    ConfigChanges changes = take_over(taken.running, config(after));
    taken.applied = std::move(changes.applied);
    for (const DeploymentId& id : changes.agents) taken.agents.push_back(id.str());
    for (const DeploymentId& id : changes.removed) taken.removed.push_back(id.str());
    for (const auto& one : changes.left) {
        EXPECT_FALSE(one.why.empty());
        taken.left.push_back(one.path);
    }
    return taken;
}

using Paths = std::vector<std::string>;

const std::string whatsapp =
    "whatsapp: { app_secret: \"${WHATSAPP_APP_SECRET}\", verify_token: \"${TOKEN}\" }\n";
std::string one(const std::string& name, const std::string& number, const std::string& lines = "") {
    return "  " + name + ":\n    phone_number_id: \"" + number +
           "\"\n    access_token: ${TOKEN}\n    agent: echo\n" + lines;
}

TEST(ConfigChanges, are_none_for_the_same_file) {
    const std::string text = with_deployment("    secrets: { crm: \"${TOKEN}\" }\n    config: { a: [1] }\n");
    const Taken taken = take(text, text);
    EXPECT_EQ(taken.applied, Paths{});
    EXPECT_EQ(taken.left, Paths{});
}

TEST(ConfigChanges, take_over_what_may_change_and_name_the_rest) {
    const Taken taken =
        take(with_deployment("    deadline: 10s\n    config: { a: 1 }\n"),
             with_deployment(
                 "    deadline: 5s\n    config: { a: 2 }\n    pace: off\n    presence: { read: false }\n"
                 "    unknown_sends: { then: hold }\n    allowed_hosts: [a.example]\n") +
                 "server: { listen: \"127.0.0.1:9\", threads: 3 }\nlog: { level: debug, format: json }\n");
    EXPECT_EQ(taken.applied, (Paths{"log.level", "deployments.a.config", "deployments.a.deadline",
                                    "deployments.a.pace.number", "deployments.a.pace.pair",
                                    "deployments.a.unknown_sends.then", "deployments.a.presence.read",
                                    "deployments.a.allowed_hosts"}));
    EXPECT_EQ(taken.left, (Paths{"server.listen", "server.threads", "log.format"}));
    EXPECT_EQ(taken.agents, Paths{"a"});
    const DeploymentConfig& a = taken.running.deployments.at(0);
    EXPECT_EQ(a.deployment.deadline, Millis{5'000});
    EXPECT_EQ(a.deployment.pace.number_per_second, 0);
    EXPECT_EQ(a.deployment.unknown_sends.then, UnknownSends::Then::hold);
    EXPECT_EQ(a.allowed_hosts, std::vector<std::string>{"a.example"});
    EXPECT_EQ(a.config_json, R"({"a":2})");
    EXPECT_EQ(taken.running.server.listen, "127.0.0.1:8000");
    EXPECT_EQ(taken.running.log.level, LogLevel::debug);
}

TEST(ConfigChanges, compare_secrets_by_what_they_hold) {
    const std::string a = one("a", "1", "    secrets: { crm: \"${TOKEN}\" }\n");
    const std::string b = one("a", "1", "    secrets: { crm: \"${SUPPORT_TOKEN}\" }\n");
    const Taken taken = take(whatsapp + "deployments:\n" + a,
                             "whatsapp: { app_secret: [\"${OTHER_SECRET}\", \"${WHATSAPP_APP_SECRET}\"], "
                             "verify_token: \"${OTHER_SECRET}\" }\ndeployments:\n" +
                                 b);
    EXPECT_EQ(taken.applied,
              (Paths{"whatsapp.app_secret", "whatsapp.verify_token", "deployments.a.secrets"}));
    ASSERT_EQ(taken.running.whatsapp.apps.size(), 1U);
    EXPECT_EQ(taken.running.whatsapp.apps[0].app_secrets.size(), 2U);
    EXPECT_TRUE(taken.running.whatsapp.apps[0].verify_token.equals("planted-other-secret"));
    EXPECT_TRUE(taken.running.deployments[0].secrets.at("crm").equals("planted-support-token"));
}

TEST(ConfigChanges, change_the_keys_of_the_api) {
    const auto with_keys = [](const std::string& keys) {
        return with_deployment("") + "admin: { keys: {" + keys + "} }\n";
    };
    const Taken taken = take(with_keys(" ops: { key: \"${TOKEN}\", scopes: [admin] },"
                                       " crm: { key: \"${API_KEY}\", scopes: [read] } "),
                             with_keys(" ops: { key: \"${TOKEN}\", scopes: [read, send] },"
                                       " eye: { key: \"${OTHER_SECRET}\", scopes: [read] } "));
    EXPECT_EQ(taken.applied, (Paths{"admin.keys.ops.scopes", "admin.keys.eye", "admin.keys.crm"}));
    ASSERT_EQ(taken.running.admin.keys.size(), 2U);
    EXPECT_EQ(taken.running.admin.keys[0].scopes, (std::vector<std::string>{"read", "send"}));
    EXPECT_TRUE(taken.running.admin.keys[1].key.equals("planted-other-secret"));
}

TEST(ConfigChanges, add_and_remove_deployments) {
    const Taken taken =
        take(whatsapp + "deployments:\n" + one("a", "1") + one("b", "2"),
             whatsapp + "deployments:\n" + one("c", "4") + one("a", "1", "    deadline: 5s\n"));
    EXPECT_EQ(taken.applied, (Paths{"deployments.b", "deployments.a.deadline", "deployments.c"}));
    EXPECT_EQ(taken.left, Paths{});
    EXPECT_EQ(taken.agents, Paths{"c"});
    EXPECT_EQ(taken.removed, Paths{"b"});
    ASSERT_EQ(taken.running.deployments.size(), 2U);
    EXPECT_EQ(taken.running.deployments[0].deployment.deadline, Millis{5'000});
    EXPECT_EQ(taken.running.deployments[1].deployment.channel.str(), "4");
}

TEST(ConfigChanges, give_no_number_away_that_a_running_deployment_keeps) {
    const Taken taken = take(whatsapp + "deployments:\n" + one("a", "1"),
                             whatsapp + "deployments:\n" + one("a", "3") + one("c", "1"));
    EXPECT_EQ(taken.left, (Paths{"deployments.a.phone_number_id", "deployments.c"}));
    EXPECT_EQ(taken.applied, Paths{});
    ASSERT_EQ(taken.running.deployments.size(), 1U);
    EXPECT_EQ(taken.running.deployments[0].deployment.channel.str(), "1");
}

TEST(ConfigChanges, move_a_number_to_a_deployment_of_another_name) {
    const Taken taken =
        take(whatsapp + "deployments:\n" + one("a", "1"), whatsapp + "deployments:\n" + one("c", "1"));
    EXPECT_EQ(taken.removed, Paths{"a"});
    EXPECT_EQ(taken.agents, Paths{"c"});
    EXPECT_EQ(taken.left, Paths{});
}

TEST(ConfigChanges, drop_the_apps_that_nobody_needs) {
    const std::string apps =
        "whatsapp: { app_secret: \"${WHATSAPP_APP_SECRET}\", verify_token: \"${TOKEN}\", "
        "apps: { support: { app_secret: \"${OTHER_SECRET}\" } } }\n";
    const Taken taken = take(apps + "deployments:\n" + one("a", "1") + one("b", "2", "    app: support\n") +
                                 one("c", "3", "    app_secret: ${API_KEY}\n"),
                             whatsapp + "deployments:\n" + one("a", "1"));
    EXPECT_EQ(taken.left, Paths{});
    ASSERT_EQ(taken.running.whatsapp.apps.size(), 1U);
    EXPECT_EQ(taken.running.whatsapp.apps[0].id.str(), "default");
}

TEST(ConfigChanges, move_a_number_to_another_app) {
    const std::string apps =
        "whatsapp: { app_secret: \"${WHATSAPP_APP_SECRET}\", verify_token: \"${TOKEN}\", "
        "apps: { support: { app_secret: \"${OTHER_SECRET}\" } } }\n";
    const Taken taken = take(whatsapp + "deployments:\n" + one("a", "1"),
                             apps + "deployments:\n" + one("a", "1", "    app: support\n"));
    EXPECT_EQ(taken.applied, (Paths{"whatsapp.apps.support", "deployments.a.app"}));
    EXPECT_EQ(taken.running.deployments[0].deployment.app.str(), "support");
    EXPECT_EQ(taken.running.whatsapp.apps.size(), 2U);
}

}  // namespace
}  // namespace parley
