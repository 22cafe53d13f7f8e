// What the desk does when Meta, the agent or the store says no: everything goes back, or on from where it stopped.
#include "app/account_desk.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "fakes/fake_account_store.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_phone_setup.hpp"
#include "fakes/fake_random.hpp"

namespace parley {
namespace {

class Desk : public testing::Test {
  protected:
    Desk() {
        config_.whatsapp.default_app.app_secrets = {Secret("app")};
        config_.whatsapp.apps = {config_.whatsapp.default_app};
        config_.whatsapp.waba_id = "2000";
        config_.whatsapp.access_token = Secret("EAAG-default");
        config_.whatsapp.webhook_base_url = "https://parley.example/";
        DeploymentConfig shop;
        shop.deployment.id = DeploymentId("shop");
        shop.deployment.channel = PhoneNumberId("111");
        config_.deployments.push_back(std::move(shop));
        meta_.facts.status = "PENDING";
        meta_.facts.code_verification = "NOT_VERIFIED";
    }
    static SealingKeys keys() { return *SealingKeys::read({Secret(to_base64(std::string(32, 'k')))}); }
    static NewAccount order() {
        NewAccount one;
        one.id = DeploymentId("acme");
        one.phone_number = "919800000100";
        one.agent = "echo";
        one.verified_name = "Acme";
        one.request_json = R"({"account_id":"acme"})";
        return one;
    }
    static SetupFailure failure(Errc kind) {
        SetupFailure told;
        told.kind = kind;
        told.code = 190;
        told.meaning = "no";
        told.remedy = "do that";
        return told;
    }
    std::vector<StoredAccount> rows() { return store_.accounts().value(); }
    AccountState state() { return desk_.find(DeploymentId("acme"))->state; }
    bool was_asked(const std::string& step) {
        const auto steps = meta_.steps();
        return std::find(steps.begin(), steps.end(), step) != steps.end();
    }

    FakeClock clock_;
    FakeRandom random_;
    fakes::FakeAccountStore store_;
    FakePhoneSetup meta_;
    Config config_;
    std::string agent_refuses_;
    int reloads_ = 0;
    AccountBook book_{keys(), store_, clock_, random_};
    AccountSetup setup_{book_, meta_, clock_, random_};
    AccountDesk desk_{{book_,
                       setup_,
                       {},
                       [this] { return config_; },
                       [this](const DeploymentId& id) {
                           ++reloads_;
                           ReloadReport report;
                           if (!agent_refuses_.empty() && !rows().empty())
                               report.errors.push_back(
                                   {"", 0, 0, "deployments." + id.str() + ".agent", agent_refuses_, ""});
                           return report;
                       },
                       [](const Config&, const NewAccount&) { return std::vector<FieldMistake>{}; }}};
};

TEST_F(Desk, takes_a_number_through_all_steps) {
    const auto created = desk_.create(order());
    ASSERT_TRUE(created) << created.error().message;
    EXPECT_TRUE(created->is_new);
    EXPECT_EQ(created->account.state, AccountState::code_sent);
    EXPECT_TRUE(was_asked("add_number 2000 91 9800000100 Acme"));
    EXPECT_TRUE(was_asked("subscribe 2000 https://parley.example/webhook"));
    EXPECT_TRUE(was_asked("request_code 300000000000009 sms en_US"));
    EXPECT_EQ(meta_.last_token(), "EAAG-default");
    const auto verified = desk_.verify(DeploymentId("acme"), Secret("123830"));
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(verified->state, AccountState::active);
    EXPECT_TRUE(was_asked("verify_code 300000000000009 123830"));
    const std::string pin(book_.open(rows().front(), account_field::pin)->reveal());
    EXPECT_EQ(pin.size(), 6U);
    EXPECT_TRUE(was_asked("register_number 300000000000009 " + pin + " "));
    const StoredAccount row = rows().front();
    for (const auto& [field, envelope] : row.sealed)
        EXPECT_EQ(envelope.find(pin), std::string::npos) << field;
}

TEST_F(Desk, takes_back_what_meta_or_the_agent_refuses) {
    meta_.fail_next("find_number", failure(Errc::unauthorized));
    const auto refused = desk_.create(order());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().graph_code, 190);
    EXPECT_EQ(refused.error().remedy, "do that");
    EXPECT_TRUE(rows().empty());
    agent_refuses_ = "echo: cannot read its settings";
    const auto unstarted = desk_.create(order());
    ASSERT_FALSE(unstarted);
    EXPECT_EQ(unstarted.error().kind, Errc::invalid_input);
    EXPECT_EQ(unstarted.error().message, agent_refuses_);
    EXPECT_TRUE(rows().empty());
}

TEST_F(Desk, goes_on_with_the_same_request_where_meta_could_not_be_reached) {
    meta_.fail_next("subscribe", failure(Errc::unavailable));
    const auto created = desk_.create(order());
    ASSERT_TRUE(created);
    EXPECT_EQ(created->account.state, AccountState::pending_verification);
    EXPECT_NE(created->account.problem.find("goes on"), std::string::npos);
    NewAccount other = order();
    other.request_json = "{}";
    EXPECT_EQ(desk_.create(other).error().kind, Errc::conflict);
    const auto again = desk_.create(order());
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->is_new);
    EXPECT_EQ(again->account.state, AccountState::code_sent);
    EXPECT_EQ(again->account.problem, "");
    const auto steps = meta_.steps();
    EXPECT_EQ(std::count_if(steps.begin(), steps.end(),
                            [](const std::string& step) { return step.starts_with("add_number"); }),
              1);
}

TEST_F(Desk, never_asks_meta_beyond_its_limits_whoever_deletes_the_account) {
    ASSERT_TRUE(desk_.create(order()));
    const auto asked = meta_.steps().size();
    const auto soon = desk_.request_code(DeploymentId("acme"), CodeMethod::voice, "hi");
    ASSERT_FALSE(soon);
    EXPECT_EQ(soon.error().kind, Errc::busy);
    EXPECT_GT(soon.error().wait, Millis{0});
    EXPECT_EQ(meta_.steps().size(), asked);
    for (int tries = 0; tries < 5; ++tries) {
        meta_.fail_next("verify_code", failure(Errc::invalid_input));
        EXPECT_FALSE(desk_.verify(DeploymentId("acme"), Secret("000000")));
    }
    ASSERT_TRUE(store_.remove_account(DeploymentId("acme")));
    const auto tried = meta_.steps().size();
    EXPECT_EQ(desk_.create(order())->account.state, AccountState::pending_verification)
        << "no second code yet";
    const auto locked = desk_.verify(DeploymentId("acme"), Secret("123456"));
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().kind, Errc::busy);
    for (std::size_t i = tried; i < meta_.steps().size(); ++i)
        EXPECT_FALSE(meta_.steps()[i].starts_with("verify_code")) << meta_.steps()[i];
}

TEST_F(Desk, leaves_the_files_deployments_alone_and_needs_a_key) {
    NewAccount shop = order();
    shop.id = DeploymentId("shop");
    EXPECT_EQ(desk_.create(shop).error().kind, Errc::conflict);
    EXPECT_EQ(desk_.pause(DeploymentId("shop"), true).error().kind, Errc::conflict);
    NewAccount taken = order();
    taken.channel = PhoneNumberId("111");
    EXPECT_EQ(desk_.create(taken).error().message,
              "phone_number_id: the number belongs to the deployment shop");
    EXPECT_EQ(desk_.all()->size(), 1U);
    AccountBook keyless(SealingKeys{}, store_, clock_, random_);
    AccountSetup setup(keyless, meta_, clock_, random_);
    AccountDesk desk({keyless,
                      setup,
                      {},
                      [this] { return config_; },
                      {},
                      [](const Config&, const NewAccount&) { return std::vector<FieldMistake>{}; }});
    const auto refused = desk.create(order());
    EXPECT_NE(refused.error().message.find("accounts.key"), std::string::npos);
    EXPECT_NE(refused.error().remedy.find("openssl rand -base64 32"), std::string::npos);
    EXPECT_EQ(reloads_, 0);
}

TEST_F(Desk, tells_a_swapped_row_from_another_key) {
    NewAccount one = order();
    one.access_token = Secret("EAAG-one");
    ASSERT_TRUE(desk_.create(one));
    StoredAccount row = rows().front();
    StoredAccount moved = row;
    moved.id = DeploymentId("thief");
    moved.channel = PhoneNumberId("999");
    const auto problems = add_accounts(config_, {row, moved}, keys());
    ASSERT_TRUE(problems);
    ASSERT_EQ(problems->size(), 1U);
    EXPECT_EQ(problems->front().id.str(), "thief");
    EXPECT_NE(problems->front().why.find("belongs elsewhere"), std::string::npos);
    ASSERT_EQ(config_.deployments.size(), 2U);
    EXPECT_TRUE(config_.deployments[1].deployment.access_token.equals("EAAG-one"));
    remove_accounts(config_);
    EXPECT_EQ(config_.deployments.size(), 1U);
    const auto other =
        add_accounts(config_, {row}, *SealingKeys::read({Secret(to_base64(std::string(32, 'x')))}));
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message().find("accounts.key does not open"), std::string::npos);
}

}  // namespace
}  // namespace parley
