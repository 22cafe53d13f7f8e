// The Graph client against the simulator over real sockets: media, templates, the block list, a number's life,
// usage headers.
#include <future>

#include "whatsapp/graph_block_list.hpp"
#include "whatsapp/graph_media.hpp"
#include "whatsapp/graph_phone_setup.hpp"
#include "whatsapp/graph_templates.hpp"
#include "world.hpp"

namespace parley::scenario {
namespace {

class GraphCalls : public World {
  protected:
    void SetUp() override {
        start_graph();
        options_.graph_url = graph->url();
    }
    static DeploymentPtr account(const std::string& token = "scenario-token") {
        Deployment deployment;
        deployment.channel = PhoneNumberId("111");
        deployment.waba_id = "2";
        deployment.access_token = Secret(token);
        return std::make_shared<const Deployment>(deployment);
    }
    // What `start` completes with.
    template <class T, class Start>
    GraphResult<T> result_of(Start&& start) {
        auto promise = std::make_shared<std::promise<GraphResult<T>>>();
        auto future = promise->get_future();
        start([promise](GraphResult<T> result) { promise->set_value(std::move(result)); });
        if (future.wait_for(std::chrono::seconds(60)) == std::future_status::ready) return future.get();
        return refused_call(ErrorClass::retry, "no answer within a minute");
    }

    GraphOptions options_;
};

TEST_F(GraphCalls, carry_a_large_file_there_and_back) {
    GraphMedia media(options_, http_);
    std::string bytes(12U << 20, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 2'654'435'761U >> 13);
    const auto id = result_of<std::string>([&](auto done) {
        media.upload({"application/pdf", "big.pdf", bytes, ""}, account(), std::move(done));
    });
    ASSERT_TRUE(id) << id.error().reason;
    const auto facts =
        result_of<MediaFacts>([&](auto done) { media.look_up(*id, account(), std::move(done)); });
    ASSERT_TRUE(facts) << facts.error().reason;
    EXPECT_EQ(facts->size, bytes.size());
    const auto fetched = result_of<std::string>(
        [&](auto done) { media.download(facts->url, bytes.size(), account(), std::move(done)); });
    ASSERT_TRUE(fetched) << fetched.error().reason;
    EXPECT_TRUE(*fetched == bytes);
    const auto capped = result_of<std::string>(
        [&](auto done) { media.download(facts->url, bytes.size() - 1, account(), std::move(done)); });
    EXPECT_FALSE(capped);
    EXPECT_TRUE(result_of<void>([&](auto done) { media.remove(*id, account(), std::move(done)); }));
    const auto gone =
        result_of<MediaFacts>([&](auto done) { media.look_up(*id, account(), std::move(done)); });
    ASSERT_FALSE(gone);
    EXPECT_TRUE(gone.error().is_not_found());
}

TEST_F(GraphCalls, create_list_and_delete_templates) {
    GraphTemplates templates(options_, http_);
    for (const char* name : {"one", "two"}) {
        const auto made = result_of<MessageTemplate>([&](auto done) {
            templates.create(
                std::string(R"({"name":")") + name +
                    R"(","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"x"}]})",
                account(), std::move(done));
        });
        ASSERT_TRUE(made) << made.error().reason;
        EXPECT_EQ(made->status, "PENDING");
    }
    const auto list = [&](TemplateQuery query) {
        return result_of<TemplatePage>([&](auto done) { templates.list(query, account(), std::move(done)); });
    };
    const auto first = list({.limit = 1});
    ASSERT_TRUE(first) << first.error().reason;
    EXPECT_EQ(first->templates.at(0).name, "one");
    ASSERT_FALSE(first->after.empty());
    const auto second = list({.limit = 1, .after = first->after});
    ASSERT_TRUE(second) << second.error().reason;
    EXPECT_EQ(second->templates.at(0).name, "two");
    EXPECT_TRUE(second->after.empty());
    EXPECT_TRUE(result_of<void>([&](auto done) { templates.remove("one", "", account(), std::move(done)); }));
    EXPECT_EQ(list({})->templates.size(), 1U);
    const auto denied = result_of<TemplatePage>(
        [&](auto done) { templates.list({}, account("wrong-token"), std::move(done)); });
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().error_class, ErrorClass::token);
}

TEST_F(GraphCalls, block_and_unblock_users) {
    GraphBlockList blocked(options_, http_);
    ASSERT_TRUE(graph->cloud().user_message({{"from", person(91)}, {"text", "Hi"}}));
    const std::vector<Recipient> users{{person(91), ""}, {person(92), ""}};
    const auto added =
        result_of<BlockChange>([&](auto done) { blocked.add(users, account(), std::move(done)); });
    ASSERT_TRUE(added) << added.error().reason;
    ASSERT_EQ(added->done.size(), 1U);
    EXPECT_EQ(added->done[0].wa_id, person(91));
    ASSERT_EQ(added->failed.size(), 1U);
    EXPECT_EQ(added->failed[0].user.wa_id, person(92));
    const auto list = [&] {
        return result_of<BlockedPage>([&](auto done) { blocked.list("", account(), std::move(done)); });
    };
    EXPECT_EQ(list()->users.at(0).wa_id, person(91));
    const auto removed = result_of<BlockChange>([&](auto done) {
        blocked.remove({{person(91), ""}}, account(), std::move(done));
    });
    ASSERT_TRUE(removed) << removed.error().reason;
    EXPECT_EQ(removed->done.size(), 1U);
    EXPECT_TRUE(list()->users.empty());
}

TEST_F(GraphCalls, bring_a_number_to_life) {
    GraphPhoneSetup setup(options_, http_);
    const Secret token("scenario-token");
    const auto step = [&](auto&& start) {
        auto promise = std::make_shared<std::promise<SetupResult<>>>();
        auto future = promise->get_future();
        start([promise](SetupResult<> result) { promise->set_value(std::move(result)); });
        if (future.wait_for(std::chrono::seconds(60)) != std::future_status::ready)
            return std::string("none");
        const SetupResult<> result = future.get();
        return result ? std::string("done") : result.error().meaning;
    };
    const auto wait_for = [&]<class T>(std::type_identity<T>, auto&& start) {
        auto promise = std::make_shared<std::promise<SetupResult<T>>>();
        auto future = promise->get_future();
        start([promise](SetupResult<T> result) { promise->set_value(std::move(result)); });
        return future.get();
    };
    const auto added = wait_for(std::type_identity<PhoneNumberId>{}, [&](auto done) {
        setup.add_number("2", {"91", "98000 00100", "Acme Cards"}, token, std::move(done));
    });
    ASSERT_TRUE(added) << added.error().reason;
    const PhoneNumberId number = *added;
    const auto enroll = [&](const char* pin) {
        return step(
            [&](auto done) { setup.register_number(number, Secret(pin), "IN", token, std::move(done)); });
    };
    EXPECT_EQ(enroll("212834"), "the number must be verified before it is registered");
    EXPECT_EQ(step([&](auto done) {
                  setup.request_code(number, CodeMethod::voice, "en_US", token, std::move(done));
              }),
              "done");
    const std::string code = graph->cloud().codes()["codes"][0]["code"];
    EXPECT_EQ(step([&](auto done) {
                  setup.verify_code(number, Secret(code == "000000" ? "111111" : "000000"), token,
                                    std::move(done));
              }),
              "the verification code is wrong or has expired");
    EXPECT_EQ(step([&](auto done) { setup.verify_code(number, Secret(code), token, std::move(done)); }),
              "done");
    EXPECT_EQ(enroll("212834"), "done");
    EXPECT_EQ(enroll("999999"), "the PIN is not the two-step PIN of this number");
    EXPECT_EQ(step([&](auto done) { setup.set_pin(number, Secret("999999"), token, std::move(done)); }),
              "done");

    BusinessProfile profile;
    profile.about = "Cards";
    profile.vertical = "banking";
    EXPECT_EQ(step([&](auto done) { setup.write_profile(number, profile, token, std::move(done)); }), "done");
    const auto read = wait_for(std::type_identity<BusinessProfile>{},
                               [&](auto done) { setup.read_profile(number, token, std::move(done)); });
    ASSERT_TRUE(read) << read.error().reason;
    EXPECT_EQ(read->vertical, "FINANCE");

    const auto found = wait_for(std::type_identity<std::optional<NumberFacts>>{}, [&](auto done) {
        setup.find_number("2", "+91 98000 00100", token, std::move(done));
    });
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->id, number);
    EXPECT_TRUE((*found)->is_registered());
    const auto facts = wait_for(std::type_identity<NumberFacts>{},
                                [&](auto done) { setup.read_number(number, token, std::move(done)); });
    ASSERT_TRUE(facts) << facts.error().reason;
    EXPECT_EQ(facts->messaging_limit, "TIER_2K");
    EXPECT_EQ(facts->health.value().entities.size(), 4U);

    EXPECT_EQ(step([&](auto done) {
                  setup.subscribe("2", WebhookOverride{"http://127.0.0.1:1/hook", Secret("vt")}, token,
                                  std::move(done));
              }),
              "the webhook URL did not answer Meta's verification");
    EXPECT_EQ(step([&](auto done) { setup.subscribe("2", std::nullopt, token, std::move(done)); }), "done");
    const auto apps = wait_for(std::type_identity<std::vector<AppSubscription>>{},
                               [&](auto done) { setup.list_subscriptions("2", token, std::move(done)); });
    ASSERT_TRUE(apps && apps->size() == 1U);
    const auto rights = wait_for(std::type_identity<TokenFacts>{},
                                 [&](auto done) { setup.inspect_token(token, token, std::move(done)); });
    ASSERT_TRUE(rights) << rights.error().reason;
    EXPECT_TRUE(rights->is_valid);
    EXPECT_EQ(rights->granular_scopes.at(0).targets, std::vector<std::string>{"2"});
    EXPECT_EQ(step([&](auto done) { setup.deregister_number(number, token, std::move(done)); }), "done");
    EXPECT_EQ(step([&](auto done) { setup.unsubscribe("2", token, std::move(done)); }), "done");
}

TEST_F(GraphCalls, that_use_the_account_up_pause_its_sends) {
    start_engine();
    ASSERT_TRUE(graph->cloud().change_behaviour({{"usage_percent", 100}, {"regain_access_minutes", 30}}));
    ASSERT_EQ(meta.post(envelope(
                  {change("111", "\"messages\":[" + text_message(person(91), "wamid.1", "a") + "]")})),
              200);
    ASSERT_TRUE(eventually([&] { return accepted() == 1; }));
    HttpCall status;
    status.url = door() + "/api/deployments";
    status.headers = {{"X-API-Key", "scenario-key"}};
    const auto is_paused = [&] {
        const HttpOutcome outcome = ask(status);
        return outcome.reply && outcome.reply->body.find("asks for a pause") != std::string::npos;
    };
    EXPECT_TRUE(eventually(is_paused));
    ASSERT_EQ(meta.post(envelope(
                  {change("111", "\"messages\":[" + text_message(person(92), "wamid.2", "b") + "]")})),
              200);
    status.url = door() + "/api/status";
    EXPECT_TRUE(eventually([&] {
        const HttpOutcome outcome = ask(status);
        return outcome.reply && outcome.reply->body.find("\"outbox\":1") != std::string::npos;
    })) << ask(status).reply->body;
    EXPECT_EQ(accepted(), 1U) << "the second message went out during the pause";
}

}  // namespace
}  // namespace parley::scenario
