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

class ChangingDesk : public Desk {
  protected:
    // An account that is active, by the calls of the API.
    ChangingDesk() {
        meta_.facts.status = "CONNECTED";
        meta_.facts.code_verification = "VERIFIED";
        NewAccount one = order();
        one.request_json =
            R"({"account_id":"acme","phone_number":"+919800000100","agent":"echo","access_token":"EAAG-one"})";
        one.access_token = Secret("EAAG-one");
        const auto created = desk_.create(one);
        EXPECT_TRUE(created && created->account.state == AccountState::active);
        reloads_ = 0;
    }
    AccountResult<AccountView> change(const std::string& patch, const std::string& if_match = "") {
        return desk_.change(DeploymentId("acme"), patch, if_match);
    }
    std::string stored(const char* field) { return std::string(book_.open(rows().front(), field)->reveal()); }
};

TEST_F(ChangingDesk, changes_what_it_is_told_and_nothing_twice) {
    const auto before = rows().front().version;
    const std::string patch =
        R"({"agent":"clerk","access_token":"EAAG-two","webhook_config":{"events":["message.received"]}})";
    const auto changed = change(patch, "\"" + std::to_string(before) + "\"");
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_EQ(changed->agent, "clerk");
    EXPECT_EQ(changed->state, AccountState::active);
    EXPECT_GT(changed->version, before);
    EXPECT_EQ(stored(account_field::access_token), "EAAG-two");
    EXPECT_EQ(meta_.last_token(), "EAAG-two") << "Meta was asked whether it opens the number";
    EXPECT_EQ(reloads_, 1);
    const auto asked = meta_.steps().size();
    const auto again = change(patch);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->version, changed->version);
    EXPECT_EQ(meta_.steps().size(), asked);
    EXPECT_EQ(reloads_, 1);
    const auto late = change(R"({"agent":"echo"})", "\"" + std::to_string(before) + "\"");
    ASSERT_FALSE(late);
    EXPECT_TRUE(late.error().is_outdated);
    EXPECT_NE(late.error().remedy.find(std::to_string(changed->version)), std::string::npos);
    EXPECT_EQ(rows().front().agent, "clerk");
}

TEST_F(ChangingDesk, keeps_a_token_out_that_does_not_open_the_number) {
    meta_.fail_next("read_number", failure(Errc::unauthorized));
    const auto refused = change(R"({"access_token":"EAAG-bad"})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Errc::invalid_input);
    ASSERT_EQ(refused.error().fields.size(), 1U);
    EXPECT_EQ(refused.error().fields[0].field, "access_token");
    EXPECT_EQ(refused.error().graph_code, 190);
    meta_.fail_next("read_number", failure(Errc::unavailable));
    EXPECT_EQ(change(R"({"access_token":"EAAG-who-knows"})").error().kind, Errc::unavailable);
    EXPECT_EQ(stored(account_field::access_token), "EAAG-one");
    EXPECT_EQ(reloads_, 0);
}

TEST_F(ChangingDesk, takes_a_change_back_that_the_agent_or_meta_refuses) {
    const std::string request = stored(account_field::request);
    agent_refuses_ = "clerk: cannot read its settings";
    const auto unstarted = change(R"({"agent":"clerk"})");
    ASSERT_FALSE(unstarted);
    EXPECT_EQ(unstarted.error().message, agent_refuses_);
    EXPECT_EQ(rows().front().agent, "echo");
    EXPECT_EQ(stored(account_field::request), request);
    agent_refuses_.clear();
    reloads_ = 0;
    meta_.fail_next("write_profile", failure(Errc::invalid_input));
    const auto unwritten = change(R"({"business_profile":{"industry":"finance"},"agent":"clerk"})");
    ASSERT_FALSE(unwritten);
    EXPECT_EQ(unwritten.error().graph_code, 190);
    EXPECT_EQ(rows().front().agent, "echo");
    EXPECT_EQ(rows().front().details_json.find("finance"), std::string::npos);
    EXPECT_EQ(reloads_, 2) << "the old agent is back";
    ASSERT_TRUE(change(R"({"business_profile":{"industry":"finance"}})"));
    EXPECT_TRUE(was_asked("write_profile 300000000000009 FINANCE"));
}

TEST_F(ChangingDesk, changes_only_accounts_of_its_own) {
    EXPECT_EQ(desk_.change(DeploymentId("shop"), "{}", "").error().kind, Errc::conflict);
    EXPECT_EQ(desk_.change(DeploymentId("nobody"), "{}", "").error().kind, Errc::not_found);
}

TEST_F(Desk, makes_deployments_that_are_told_what_their_accounts_name) {
    NewAccount one = order();
    one.app_secret = Secret("own");
    one.details_json = R"({"webhook_config":{"events":["message.received","all.of.it","message.failed"]}})";
    ASSERT_TRUE(desk_.create(one));
    ASSERT_TRUE(add_accounts(config_, rows(), keys()));
    const DeploymentConfig& made = config_.deployments.back();
    EXPECT_EQ(made.deployment.told, (std::vector<std::string>{"message.received", "message.failed"}));
    ASSERT_EQ(made.app_secrets.size(), 1U) << "so that another one is seen as a change";
    EXPECT_TRUE(made.app_secrets[0].equals("own"));
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
