#include "app/config_loader.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "app/config_table.hpp"
#include "core/agent_events.hpp"
#include "fakes/temp_folder.hpp"
#include "unit/app/config_case.hpp"

namespace parley {
namespace {

using namespace test;

TEST(ConfigLoader, reads_every_supported_key) {
    const auto report = load(R"(
server: { listen: "[::1]:9000", threads: 3, max_body: 8MiB, max_buffered: 64MiB }
admin: { api_key: "${API_KEY}", allow_anonymous: true }
whatsapp:
  graph_url: http://127.0.0.1:8001
  api_version: v24.0
  app_id: "77"
  app_secret: ["${WHATSAPP_APP_SECRET}", "${OTHER_SECRET}"]
  verify_token: ${WHATSAPP_VERIFY_TOKEN}
  allow_unsigned: true
  apps: { support: { app_id: "78", app_secret: "${SUPPORT_TOKEN}", verify_token: "${TOKEN}" } }
webhook: { reply_in_response: true }
log: { level: debug, format: json }
store: { url: "sqlite:data/x.db", group_commit: 5ms, retention: 60d }
state_dir: state
agents: { path: [agents, /opt/agents], drain_timeout: 5s }
deployments:
  jupiter-edge:
    phone_number_id: 123
    access_token: ${TOKEN}
    agent: credit-card-agent
    config: { facts: card-facts.yaml, limits: [1, 2.5, true, ~] }
    waba_id: "456"
    events: [message.received, message.read]
    app: support
    deadline: 30s
    attempts: 3
    fallback: "Sorry, ${NOBODY:-later}."
    default: true
    pace: { number: 20/s, pair: 1/3s, pair_burst: 10 }
    unknown_sends: { wait: 10s, then: hold }
    presence: { read: false, typing: false }
    allowed_hosts: [api.example.com, "*.example.org"]
    allow_private_networks: true
    secrets: { crm: "${TOKEN}" }
)");
    ASSERT_EQ(errors_of(report), "");
    EXPECT_TRUE(report.warnings.empty()) << to_text(report.warnings.front());
    const Config& c = report.config;
    EXPECT_EQ(c.server.listen, "[::1]:9000");
    EXPECT_EQ(c.server.threads, 3U);
    EXPECT_EQ(c.server.max_body, 8U << 20);
    EXPECT_EQ(c.server.max_buffered, 64U << 20);
    EXPECT_TRUE(c.admin.api_key.equals("planted-api-key"));
    EXPECT_TRUE(c.admin.allow_anonymous);
    EXPECT_EQ(c.whatsapp.graph_url, "http://127.0.0.1:8001");
    EXPECT_EQ(c.whatsapp.api_version, "v24.0");
    EXPECT_TRUE(c.whatsapp.allow_unsigned);
    ASSERT_EQ(c.whatsapp.apps.size(), 2U);
    EXPECT_EQ(c.whatsapp.apps[0].id, AppId("default"));
    EXPECT_EQ(c.whatsapp.apps[0].app_id, "77");
    EXPECT_EQ(c.whatsapp.apps[0].app_secrets.size(), 2U);
    EXPECT_TRUE(c.whatsapp.apps[0].verify_token.equals("planted-verify-token"));
    EXPECT_EQ(c.whatsapp.apps[1].id, AppId("support"));
    EXPECT_TRUE(c.whatsapp.apps[1].app_secrets.at(0).equals("planted-support-token"));
    EXPECT_TRUE(c.webhook.reply_in_response);
    EXPECT_EQ(c.log.level, LogLevel::debug);
    EXPECT_EQ(c.log.format, LogFormat::json);
    EXPECT_EQ(c.store.url, "sqlite:data/x.db");
    EXPECT_EQ(c.store.group_commit, Millis(5));
    EXPECT_EQ(c.store.retention, std::chrono::hours(24 * 60));
    EXPECT_EQ(c.agents.path, (std::vector<std::string>{"agents", "/opt/agents"}));
    EXPECT_EQ(c.agents.drain_timeout, Millis(5000));

    ASSERT_EQ(c.deployments.size(), 1U);
    const DeploymentConfig& one = c.deployments[0];
    const Deployment& d = one.deployment;
    EXPECT_EQ(d.id, DeploymentId("jupiter-edge"));
    EXPECT_EQ(d.channel, PhoneNumberId("123"));
    EXPECT_TRUE(d.access_token.equals("planted-token"));
    EXPECT_EQ(d.agent, "credit-card-agent");
    EXPECT_EQ(d.waba_id, "456");
    EXPECT_EQ(d.told, (std::vector<std::string>{"message.received", "message.read"}));
    EXPECT_EQ(d.app, AppId("support"));
    EXPECT_EQ(d.deadline, Millis(30'000));
    EXPECT_EQ(d.attempts, 3U);
    EXPECT_EQ(d.fallback, "Sorry, later.");
    EXPECT_TRUE(d.is_default);
    EXPECT_DOUBLE_EQ(d.pace.number_per_second, 20);
    EXPECT_DOUBLE_EQ(d.pace.pair_per_second, 1.0 / 3);
    EXPECT_EQ(d.pace.pair_burst, 10U);
    EXPECT_EQ(d.unknown_sends.wait, Millis(10'000));
    EXPECT_EQ(d.unknown_sends.then, UnknownSends::Then::hold);
    EXPECT_FALSE(d.presence.read);
    EXPECT_FALSE(d.presence.typing);
    EXPECT_EQ(one.allowed_hosts.size(), 2U);
    EXPECT_TRUE(one.allow_private_networks);
    EXPECT_TRUE(one.secrets.at("crm").equals("planted-token"));
    EXPECT_EQ(one.config_json, R"({"facts":"card-facts.yaml","limits":[1,2.5,true,null]})");
}

TEST(ConfigLoader, paths_start_at_the_folder_of_the_file) {
    const auto report = load_config(
        "/etc/parley/main.yaml", "store: { url: \"sqlite:var/p.db\" }\nagents: { path: [agents, /opt/a] }\n",
        environment(), now());
    EXPECT_EQ(report.config.base_dir, "/etc/parley");
    EXPECT_EQ(database_file(report.config), "/etc/parley/var/p.db");
    EXPECT_EQ(state_directory(report.config), "/etc/parley/var");
    EXPECT_EQ(agent_search_path(report.config, "/usr/bin/parley"),
              (std::vector<std::filesystem::path>{"/etc/parley/agents", "/opt/a"}));
    EXPECT_EQ(agent_search_path(Config{}, "/usr/bin/parley"),
              std::vector<std::filesystem::path>{"/usr/lib/parley/agents"});
    EXPECT_TRUE(is_agent_path("./x") && is_agent_path("x.so") && !is_agent_path("credit-card-agent"));
}

TEST(ConfigLoader, events_are_known_names_and_always_include_messages) {
    const auto report = load(with_deployment("    events: [message.received, message.failed]\n"));
    ASSERT_EQ(errors_of(report), "");
    EXPECT_EQ(report.config.deployments[0].deployment.told,
              (std::vector<std::string>{"message.received", "message.failed"}));
    EXPECT_NE(errors_of(load(with_deployment("    events: [message.failed]\n")))
                  .find("message.received is missing"),
              std::string::npos);
    EXPECT_NE(errors_of(load(with_deployment("    events: [message.received, message.opened]\n")))
                  .find("found \"message.opened\""),
              std::string::npos);
    const auto known = std::find_if(config_keys().begin(), config_keys().end(),
                                    [](const Key& key) { return key.path == "deployments.*.events"; });
    ASSERT_NE(known, config_keys().end());
    const auto names = split_choices(known->choices);
    EXPECT_TRUE(std::equal(names.begin(), names.end(), agent_events.begin(), agent_events.end()))
        << "the file and the API know the same names";
}

TEST(ConfigLoader, pace_off_turns_both_rates_off) {
    const auto report = load(with_deployment("    pace: off\n"));
    ASSERT_EQ(errors_of(report), "");
    EXPECT_EQ(report.config.deployments[0].deployment.pace.number_per_second, 0);
    EXPECT_EQ(report.config.deployments[0].deployment.pace.pair_per_second, 0);
}

TEST(ConfigLoader, a_secret_brought_twice_is_one_app) {
    const auto report = load(R"(
whatsapp: { verify_token: "${WHATSAPP_VERIFY_TOKEN}", app_secret: "${WHATSAPP_APP_SECRET}" }
deployments:
  a: { phone_number_id: "1", access_token: "${TOKEN}", agent: echo, app_secret: "${OTHER_SECRET}" }
  b: { phone_number_id: "2", access_token: "${TOKEN}", agent: echo, app_secret: ["${OTHER_SECRET}", "${SUPPORT_TOKEN}"] }
  c: { phone_number_id: "3", access_token: "${TOKEN}", agent: echo }
  d: { phone_number_id: "4", access_token: "${TOKEN}", agent: echo, app_secret: "${WHATSAPP_APP_SECRET}" }
)");
    ASSERT_EQ(errors_of(report), "");
    const auto& deployments = report.config.deployments;
    EXPECT_EQ(deployments[0].deployment.app, AppId("deployment:a"));
    EXPECT_EQ(deployments[1].deployment.app, AppId("deployment:a"));
    EXPECT_EQ(deployments[2].deployment.app, AppId("default"));
    EXPECT_EQ(deployments[3].deployment.app, AppId("default"));
    ASSERT_EQ(report.config.whatsapp.apps.size(), 2U);
    EXPECT_EQ(report.config.whatsapp.apps[1].app_secrets.size(), 2U);
}

TEST(ConfigLoader, a_verify_token_counts_without_an_app_secret_too) {
    const auto report = load("whatsapp: { allow_unsigned: true, verify_token: \"${TOKEN}\" }\n");
    ASSERT_EQ(report.config.whatsapp.apps.size(), 1U);
    EXPECT_TRUE(report.config.whatsapp.apps[0].verify_token.equals("planted-token"));
    EXPECT_TRUE(report.config.whatsapp.apps[0].app_secrets.empty());
}

TEST(ConfigLoader, knows_which_graph_versions_have_expired) {
    const auto warnings = [](std::string_view version, WallTime at) {
        return load_config("t.yaml",
                           "whatsapp: { api_version: " + std::string(version) + ", allow_unsigned: true }\n" +
                               "deployments: { a: { phone_number_id: \"1\", access_token: \"${TOKEN}\", "
                               "agent: echo } }\n",
                           environment(), at)
            .warnings.size();
    };
    using namespace std::chrono;
    EXPECT_EQ(warnings("v20.0", sys_days(2026y / 9 / 23)), 0U);
    EXPECT_EQ(warnings("v20.0", sys_days(2026y / 9 / 24)), 1U);
    EXPECT_EQ(warnings("v17.0", sys_days(2026y / 1 / 1)), 1U);
    EXPECT_EQ(warnings("v3.3", sys_days(2026y / 1 / 1)), 1U);
    EXPECT_EQ(warnings("v26.0", sys_days(2030y / 1 / 1)), 0U);
}

TEST(ConfigLoader, warns_when_no_webhook_could_be_verified_or_answered) {
    const auto report = load(
        "whatsapp: { app_secret: \"${WHATSAPP_APP_SECRET}\" }\ndeployments: { a: { phone_number_id: \"1\", "
        "access_token: \"${TOKEN}\", agent: echo } }\n");
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].path, "whatsapp.verify_token");
    const auto empty = load("");
    EXPECT_TRUE(empty.errors.empty());
    ASSERT_EQ(empty.warnings.size(), 1U);
    EXPECT_EQ(empty.warnings[0].path, "deployments");
}

class ConfigFile : public testing::Test {
  protected:
    std::filesystem::path write(const std::string& name, std::string_view content) {
        const auto path = folder_.path() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    fakes::TempFolder folder_;
    const std::string text_ = with_deployment("    fallback: ${FALLBACK}\n");
};

TEST_F(ConfigFile, real_variables_win_over_dot_env) {
    const auto file = write("c.yaml", text_);
    write(".env", "FALLBACK=from-the-file\nTOKEN=ignored\n");
    const auto from_file = load_config_file(file, environment(), now());
    ASSERT_EQ(errors_of(from_file), "");
    EXPECT_EQ(from_file.config.deployments[0].deployment.fallback, "from-the-file");
    EXPECT_TRUE(from_file.config.deployments[0].deployment.access_token.equals("planted-token"));
    Environment real = environment();
    real["FALLBACK"] = "from-the-environment";
    EXPECT_EQ(load_config_file(file, real, now()).config.deployments[0].deployment.fallback,
              "from-the-environment");
}

TEST_F(ConfigFile, without_dot_env_a_missing_variable_is_an_error_with_key_variable_and_line) {
    const auto report = load_config_file(write("c.yaml", text_), environment(), now());
    ASSERT_EQ(report.errors.size(), 1U);
    EXPECT_EQ(report.errors[0].path, "deployments.a.fallback");
    EXPECT_NE(report.errors[0].what.find("FALLBACK"), std::string::npos);
    EXPECT_EQ(report.errors[0].at, (Position{7, 15}));
}

TEST_F(ConfigFile, mistakes_of_dot_env_name_that_file) {
    const auto file = write("c.yaml", text_);
    write(".env", "FALLBACK=x\noops\n");
    const auto report = load_config_file(file, environment(), now());
    ASSERT_EQ(report.errors.size(), 1U);
    EXPECT_EQ(report.errors[0].file, (folder_.path() / ".env").string());
    EXPECT_EQ(report.errors[0].at.line, 2U);
}

TEST_F(ConfigFile, secrets_may_come_from_files_beside_it) {
    write("token.txt", "planted-from-file\n");
    const auto report = load_config_file(
        write("c.yaml", with_deployment("    secrets: { crm: ${file:token.txt} }\n")), environment(), now());
    ASSERT_EQ(errors_of(report), "");
    EXPECT_TRUE(report.config.deployments[0].secrets.at("crm").equals("planted-from-file"));
}

TEST_F(ConfigFile, says_why_a_file_cannot_be_read) {
    EXPECT_NE(errors_of(load_config_file(folder_.path() / "none.yaml", {}, now())).find("no such file"),
              std::string::npos);
    EXPECT_NE(errors_of(load_config_file(folder_.path(), {}, now())).find("a folder"), std::string::npos);
    const auto large = write("large.yaml", std::string((1U << 20) + 1, '#'));
    EXPECT_NE(errors_of(load_config_file(large, {}, now())).find("1 MiB"), std::string::npos);
}

struct Refused {
    const char* name;
    const char* lines;  // of a deployment
    const char* says;
};

class DeploymentRefusal : public testing::TestWithParam<Refused> {};

TEST_P(DeploymentRefusal, is_one_error_that_says_why) {
    const auto report = load(with_deployment(GetParam().lines));
    EXPECT_EQ(report.errors.size(), 1U) << errors_of(report);
    EXPECT_NE(errors_of(report).find(GetParam().says), std::string::npos) << errors_of(report);
    for (const Diagnostic& error : report.errors) EXPECT_NE(error.instead, "") << error.what;
}

INSTANTIATE_TEST_SUITE_P(
    All, DeploymentRefusal,
    testing::Values(Refused{"deadline_zero", "    deadline: 0s\n", "between 10ms and 1h"},
                    Refused{"deadline_long", "    deadline: 2d\n", "between 10ms and 1h"},
                    Refused{"deadline_bare", "    deadline: 20\n", "with its unit"},
                    Refused{"attempts_zero", "    attempts: 0\n", "between 1 and 100"},
                    Refused{"attempts_octal", "    attempts: 010\n", "leading zeros"},
                    Refused{"attempts_text", "    attempts: two\n", "whole number"},
                    Refused{"attempts_float", "    attempts: 2.0\n", "whole number"},
                    Refused{"yes", "    default: yes\n", "write:  default: true"},
                    Refused{"off", "    default: off\n", "write:  default: false"},
                    Refused{"pace_number", "    pace: { number: 80 }\n", "80/s"},
                    Refused{"pace_word", "    pace: slow\n", "block of keys"},
                    Refused{"burst", "    pace: { pair_burst: 0 }\n", "between 1 and 10000"},
                    Refused{"then", "    unknown_sends: { then: resent }\n", "write:  then: resend"},
                    Refused{"wait", "    unknown_sends: { wait: 1ms }\n", "between 100ms and 7d"},
                    Refused{"hosts", "    allowed_hosts: [\"https://x\"]\n", "without http://"},
                    Refused{"host_alone", "    allowed_hosts: x\n", "expected a list"},
                    Refused{"nothing", "    fallback:\n", "found nothing"},
                    Refused{"null", "    fallback: ~\n", "found nothing"},
                    Refused{"waba", "    waba_id: abc\n", "digits"},
                    Refused{"app", "    app: Support\n", "lower-case"},
                    Refused{"secret_name", "    secrets: { \"a b\": \"${TOKEN}\" }\n", "letters, digits"},
                    Refused{"json_list", "    config: [1]\n", "block of keys"}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace parley
