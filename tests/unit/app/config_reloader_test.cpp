#include "app/config_reloader.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "app/tls_setup.hpp"
#include "fakes/authority.hpp"
#include "fakes/temp_folder.hpp"
#include "unit/app/config_case.hpp"

namespace parley {
namespace {

using namespace test;

class Reloading : public testing::Test {
  protected:
    void start(const std::string& text) {
        LoadReport first = read(text);
        ASSERT_EQ(errors_of(first), "");
        tls_ = *make_tls(first.config);
        reloader_.emplace(
            std::move(first.config), tls_,
            ConfigReloader::Hooks{
                [this] { return read(text_); },
                [this](const Config&, const auto& which, auto& mistakes) {
                    BegunAgents fresh;
                    for (const DeploymentId& id : which) fresh[id].serves.emplace().view.id = "fresh";
                    if (!new_file_.empty()) fresh[DeploymentId(new_file_)] = {};
                    for (const DeploymentId& id : which)
                        if (id.str() == broken_ && fresh.erase(id) > 0)
                            mistakes.push_back({"", 0, 0, "deployments." + broken_ + ".agent", "broken", {}});
                    if (!refusal_.empty()) mistakes.push_back({"c.yaml", 7, 3, "agent", refusal_, {}});
                    return fresh;
                },
                [this](ConfigReloader::Changed changed) {
                    applied_.push_back(changed.config);
                    tls_ = std::move(changed.tls);
                    agents_ = std::move(changed.agents);
                    removed_ = std::move(changed.removed);
                },
                [this](Config& next) -> Result<> {
                    if (!misfit_.empty()) return Error(Errc::invalid_input, misfit_);
                    for (const std::string& id : accounts_) {
                        DeploymentConfig one;
                        one.is_account = true;
                        one.deployment.id = DeploymentId(id);
                        one.deployment.channel = PhoneNumberId("9" + id);
                        one.deployment.takes_messages = id != paused_;
                        one.config_json = settings_;
                        next.deployments.push_back(std::move(one));
                    }
                    return {};
                },
                [this](const DeploymentId& id, const std::string& why) {
                    set_aside_.push_back(id.str() + ": " + why);
                }},
            metrics_);
        text_ = text;
    }
    LoadReport read(const std::string& text) const {
        return load_config((folder_.path() / "c.yaml").string(), text, environment(), now());
    }

    bool counted(const std::string& result, int times) const {
        const std::string line =
            "parley_config_reloads_total{result=\"" + result + "\"} " + std::to_string(times);
        return metrics_.text().find(line + "\n") != std::string::npos;
    }

    Metrics metrics_;
    fakes::TempFolder folder_;
    std::string text_;
    std::string refusal_;   // of the agents that are started
    std::string new_file_;  // the deployment whose agent's file has changed
    std::vector<Config> applied_;
    BegunAgents agents_;
    std::vector<DeploymentId> removed_;
    std::vector<std::string> accounts_, set_aside_;
    std::string paused_, broken_, misfit_;
    std::string settings_ = "{}";  // of the accounts
    std::shared_ptr<const TlsContext> tls_;
    std::optional<ConfigReloader> reloader_;
};

TEST_F(Reloading, of_an_unchanged_file_does_nothing) {
    start(with_deployment("    deadline: 5s\n"));
    const ReloadReport report = reloader_->reload();
    EXPECT_EQ(report.refused, "");
    EXPECT_TRUE(report.errors.empty());
    EXPECT_TRUE(report.applied.empty());
    EXPECT_TRUE(report.left.empty());
    EXPECT_TRUE(applied_.empty());
    EXPECT_TRUE(counted("unchanged", 1));
}

TEST_F(Reloading, applies_what_differs_from_the_last_that_was_applied) {
    start(with_deployment("    deadline: 5s\n"));
    text_ = "server: { threads: 3 }\n" + with_deployment("    deadline: 6s\n");
    const ReloadReport report = reloader_->reload();
    EXPECT_EQ(report.applied, std::vector<std::string>{"deployments.a.deadline"});
    ASSERT_EQ(report.left.size(), 1U);
    EXPECT_EQ(report.left[0].key, "server.threads");
    ASSERT_EQ(applied_.size(), 1U);
    EXPECT_EQ(applied_[0].deployments[0].deployment.deadline, Millis{6'000});
    EXPECT_TRUE(agents_.empty());
    EXPECT_TRUE(reloader_->reload().applied.empty());
    text_ = with_deployment("    deadline: 5s\n");
    EXPECT_EQ(reloader_->reload().applied, std::vector<std::string>{"deployments.a.deadline"});
    EXPECT_EQ(applied_.size(), 2U);
    EXPECT_TRUE(counted("reloaded", 3)) << "what is left differs, too";
}

TEST_F(Reloading, replaces_the_agent_whose_configuration_changed) {
    start(with_deployment("    config: { a: 1 }\n"));
    text_ = with_deployment("    config: { a: 2 }\n");
    EXPECT_EQ(reloader_->reload().applied, std::vector<std::string>{"deployments.a.config"});
    EXPECT_EQ(agents_.size(), 1U);
    EXPECT_EQ(agents_.at(DeploymentId("a")).serves->view.id, "fresh");
    EXPECT_EQ(applied_.at(0).deployments[0].config_json, R"({"a":2})");
}

TEST_F(Reloading, replaces_the_agent_whose_file_changed) {
    start(with_deployment(""));
    new_file_ = "a";
    EXPECT_EQ(reloader_->reload().applied, std::vector<std::string>{"deployments.a.agent"});
    EXPECT_EQ(agents_.size(), 1U);
}

TEST_F(Reloading, changes_nothing_when_an_agent_does_not_start) {
    start(with_deployment("    config: { a: 1 }\n    deadline: 5s\n"));
    refusal_ = "agent echo: a: expected a text";
    text_ = with_deployment("    config: { a: 2 }\n    deadline: 6s\n");
    const ReloadReport report = reloader_->reload();
    ASSERT_EQ(report.errors.size(), 1U);
    EXPECT_EQ(report.errors[0].message, refusal_);
    EXPECT_TRUE(report.applied.empty());
    EXPECT_TRUE(applied_.empty());
    EXPECT_TRUE(counted("refused", 1));
    refusal_.clear();
    EXPECT_EQ(reloader_->reload().applied.size(), 2U);
}

TEST_F(Reloading, of_a_file_with_mistakes_changes_nothing_and_names_them_all) {
    start(with_deployment("    deadline: 5s\n"));
    text_ = with_deployment("    deadline: soon\n    attempts: 3\n    colour: red\n");
    const ReloadReport report = reloader_->reload();
    ASSERT_EQ(report.errors.size(), 2U);
    EXPECT_EQ(report.errors[0].key, "deployments.a.deadline");
    EXPECT_EQ(report.errors[0].line, 7U);
    EXPECT_EQ(report.errors[1].key, "deployments.a.colour");
    EXPECT_TRUE(report.applied.empty());
    EXPECT_TRUE(applied_.empty());
    EXPECT_TRUE(counted("refused", 1));
}

TEST_F(Reloading, notices_a_renewed_certificate_under_its_old_name) {
    const fakes::Authority authority("Authority");
    const auto renew = [&] {
        authority.issue("a.example").write(folder_.path() / "cert.pem", folder_.path() / "key.pem");
    };
    renew();
    const std::string text =
        "server: { tls: { certificate: cert.pem, private_key: key.pem } }\n" + with_deployment("");
    start(text);
    const auto before = tls_;
    EXPECT_TRUE(reloader_->reload().applied.empty());
    renew();
    EXPECT_EQ(reloader_->reload().applied, std::vector<std::string>{"server.tls"});
    EXPECT_NE(tls_, before);
    EXPECT_TRUE(reloader_->reload().applied.empty());
    text_ = with_deployment("");
    const ReloadReport off = reloader_->reload();
    EXPECT_TRUE(off.applied.empty());
    EXPECT_EQ(off.left.size(), 2U) << "HTTPS is turned off at a start only";
}

TEST_F(Reloading, needs_a_file) {
    ConfigReloader without(Config{}, nullptr, {{}, {}, [](ConfigReloader::Changed) { FAIL(); }}, metrics_);
    EXPECT_NE(without.reload().refused, "");
}

TEST_F(Reloading, of_accounts_applies_nothing_of_the_file) {
    start(with_deployment("    deadline: 5s\n"));
    text_ = with_deployment("    deadline: 6s\n");
    accounts_ = {"one"};
    EXPECT_EQ(reloader_->reload_accounts(DeploymentId("one")).applied,
              std::vector<std::string>{"deployments.one"});
    ASSERT_EQ(applied_.back().deployments.size(), 2U);
    EXPECT_EQ(applied_.back().deployments[0].deployment.deadline, Millis{5'000});
    EXPECT_EQ(agents_.size(), 1U);
    text_ = "no: [yaml";
    paused_ = "one";
    EXPECT_EQ(reloader_->reload_accounts(DeploymentId("one")).applied,
              std::vector<std::string>{"deployments.one.state"});
    EXPECT_FALSE(applied_.back().deployments[1].deployment.takes_messages);
    EXPECT_TRUE(agents_.empty()) << "its agent runs on";
    accounts_.clear();
    EXPECT_EQ(reloader_->reload_accounts(DeploymentId("one")).applied,
              std::vector<std::string>{"deployments.one"});
    EXPECT_EQ(removed_, std::vector<DeploymentId>{DeploymentId("one")});
}

TEST_F(Reloading, refuses_an_account_only_to_whoever_asked_for_it) {
    start(with_deployment(""));
    accounts_ = {"one", "two"};
    broken_ = "two";
    EXPECT_EQ(reloader_->reload_accounts(DeploymentId("one")).applied,
              std::vector<std::string>{"deployments.one"});
    EXPECT_EQ(set_aside_, std::vector<std::string>{"two: broken"});
    EXPECT_EQ(applied_.back().deployments.size(), 2U);
    const ReloadReport asked = reloader_->reload_accounts(DeploymentId("two"));
    ASSERT_EQ(asked.errors.size(), 1U);
    EXPECT_EQ(asked.errors[0].message, "broken");
    EXPECT_TRUE(reloader_->reload().errors.empty()) << "a file is never refused for an account";
    broken_.clear();
    EXPECT_EQ(reloader_->reload().applied, std::vector<std::string>{"deployments.two"});
    misfit_ = "deployments.a: the account a has this name";
    ASSERT_EQ(reloader_->reload().errors.size(), 1U);
}

TEST_F(Reloading, keeps_the_settings_of_a_running_account_whose_new_ones_do_not_start) {
    start(with_deployment(""));
    accounts_ = {"one"};
    reloader_->reload_accounts(DeploymentId("one"));
    settings_ = R"({"new":1})";
    broken_ = "one";
    EXPECT_TRUE(reloader_->reload_accounts(DeploymentId("two")).errors.empty());
    EXPECT_EQ(set_aside_, std::vector<std::string>{"one: broken"});
    const std::string running =
        reloader_->with_running([](const Config& now) { return now.deployments.back().config_json; });
    EXPECT_EQ(running, "{}") << "its agent answers with them";
    EXPECT_EQ(reloader_->reload_accounts(DeploymentId("one")).errors.size(), 1U)
        << "whoever changed it is told";
}

}  // namespace
}  // namespace parley
