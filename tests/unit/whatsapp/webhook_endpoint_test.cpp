#include "whatsapp/webhook_endpoint.hpp"

#include <deque>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_exchange.hpp"
#include "fakes/fake_message_store.hpp"
#include "unit/whatsapp/samples.hpp"
#include "whatsapp/signature.hpp"

namespace parley {
namespace {

using fakes::FakeMessageStore;
using nlohmann::json;
using namespace std::chrono_literals;

// Keeps how the last batch was asked to be stored.
struct ObservedStore final : FakeMessageStore {
    void add_inbound(InboundBatch batch, Completion<Result<std::vector<StoredItem>>> done) override {
        is_lazy = batch.lazy;
        oldest_answerable = batch.oldest_answerable;
        FakeMessageStore::add_inbound(std::move(batch), std::move(done));
    }
    bool is_lazy = false;
    WallTime oldest_answerable{};
};

struct RecordingSink final : InboundSink {
    std::vector<QueuedMessage> messages;
    std::vector<Applied> applied;
    std::map<ItemSeq, TurnWatcher> watchers;
    std::function<void()> on_arrival;

    void arrived(std::vector<QueuedMessage> batch) override {
        if (on_arrival) on_arrival();
        for (auto& message : batch) {
            if (message.watcher) watchers.emplace(message.seq, std::move(message.watcher));
            messages.push_back(std::move(message));
        }
    }
    void settled(const Applied& one) override { applied.push_back(one); }
    bool watch(ItemSeq seq, TurnWatcher watcher) override {
        if (is_idle) return false;
        later.emplace_back(seq, std::move(watcher));
        watching.set_value();
        return true;
    }
    bool is_idle = false;
    std::vector<std::pair<ItemSeq, TurnWatcher>> later;
    std::promise<void> watching;
};

Deployment deployment_of(const char* id, const char* channel, const char* app) {
    Deployment deployment;
    deployment.id = DeploymentId(id);
    deployment.channel = PhoneNumberId(channel);
    deployment.app = AppId(app);
    return deployment;
}

WebhookApp app_of(const char* id, const char* secret, const char* verify_token) {
    return {AppId(id), {Secret(secret)}, {Secret(verify_token)}};
}

const char* const first_number = "300000000000001";
const char* const second_number = "300000000000002";

struct WebhookEndpointTest : testing::Test {
    ObservedStore store;
    RecordingSink sink;
    AccountRegistry accounts;
    FakeClock clock;
    Metrics metrics;
    WorkerPool workers{1, 16};
    WebhookOptions options;
    RefusedPosts refused;
    std::unique_ptr<WebhookEndpoint> endpoint;
    Router router;
    std::deque<FakeRequest> requests;  // each lives until it is answered
    std::vector<std::unique_ptr<FakeExchange>> exchanges;

    WebhookEndpointTest() {
        options.apps = {app_of("default", "first secret", "first token"),
                        app_of("other", "second secret", "second token")};
        Deployment jupiter = deployment_of("jupiter", first_number, "default");
        jupiter.is_default = true;
        jupiter.waba_id = "200000000000001";
        accounts.replace({jupiter, deployment_of("support", second_number, "other")});
    }

    void open() {
        endpoint = std::make_unique<WebhookEndpoint>(options, store, sink, refused, accounts, clock, workers,
                                                     metrics);
        endpoint->add_routes(router);
    }

    FakeExchange& send(const FakeRequest& request) {
        if (!endpoint) open();
        exchanges.push_back(std::make_unique<FakeExchange>());
        router.handle(requests.emplace_back(request), exchanges.back()->responder());
        return *exchanges.back();
    }
    FakeExchange& post(const std::string& body, const std::string& secret = "first secret",
                       const std::string& path = "/webhook") {
        FakeRequest request;
        request.where = path;
        request.content = body;
        request.headers = {{"X-Hub-Signature-256", make_signature(Secret(secret), body)}};
        return send(request);
    }
    FakeRequest unsigned_trial(const std::string& body) const {
        FakeRequest request;
        request.content = body;
        request.headers = {{"Host", "localhost:8000"}, {"Content-Type", "application/json"}};
        return request;
    }
    HttpResponse get(const std::string& path, const std::string& query) {
        FakeRequest request;
        request.verb = "GET";
        request.where = path;
        request.question = query;
        return send(request).answer();
    }
    bool counted(const std::string& line) const { return metrics.text().find(line) != std::string::npos; }
};

std::string counts(int accepted, int duplicates, int unrouted, int refused) {
    return R"({"status":"ok","accepted":)" + std::to_string(accepted) + R"(,"duplicates":)" +
           std::to_string(duplicates) + R"(,"unrouted":)" + std::to_string(unrouted) + R"(,"refused":)" +
           std::to_string(refused) + "}";
}

std::string message_for(const char* number, const std::string& id, const std::string& body = "Hi") {
    return samples::envelope(samples::messages_of(number, samples::text_message(id, "919800000001", body)));
}

TEST_F(WebhookEndpointTest, answers_200_once_the_message_is_stored_and_handed_on) {
    store.hold_completions();
    sink.on_arrival = [&] { EXPECT_FALSE(exchanges.back()->is_answered()); };
    FakeExchange& exchange = post(message_for(first_number, "wamid.1"));
    EXPECT_FALSE(exchange.is_answered());
    EXPECT_TRUE(sink.messages.empty());
    store.run();
    const HttpResponse response = exchange.answer();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(response.body, counts(1, 0, 0, 0));
    ASSERT_EQ(sink.messages.size(), 1U);
    const QueuedMessage& message = sink.messages[0];
    EXPECT_EQ(message.message.text, "Hi");
    EXPECT_EQ(message.deployment->id.str(), "jupiter");
    EXPECT_EQ(json::parse(message.canonical_json)["content"], "Hi");
    EXPECT_NE(message.seq, ItemSeq{});
    EXPECT_NE(message.conversation, ConversationId{});
    EXPECT_EQ(message.received_at, clock.wall());
}

TEST_F(WebhookEndpointTest, serves_both_paths_alike) {
    EXPECT_EQ(post(message_for(first_number, "a"), "first secret", "/api/webhook/whatsapp").answer().body,
              counts(1, 0, 0, 0));
    EXPECT_EQ(post(message_for(first_number, "a"), "first secret", "/webhook").answer().body,
              counts(0, 1, 0, 0));
}

TEST_F(WebhookEndpointTest, remembers_the_facts_of_the_post) {
    post(message_for(first_number, "a")).answer();
    const auto& post_facts = store.tables().items.begin()->second.post;
    EXPECT_EQ(post_facts.app.str(), "default");
    EXPECT_EQ(post_facts.peer, "127.0.0.1");
    EXPECT_EQ(post_facts.bytes, message_for(first_number, "a").size());
    EXPECT_EQ(post_facts.received_at, clock.wall());
}

TEST_F(WebhookEndpointTest, refuses_what_nobody_of_ours_signed_and_says_no_more) {
    for (const std::string& header :
         {std::string(), std::string("sha256=00"), make_signature(Secret("wrong"), "{}")}) {
        FakeRequest request = unsigned_trial(message_for(first_number, "a"));
        if (!header.empty()) request.headers.emplace_back("X-Hub-Signature-256", header);
        const HttpResponse response = send(request).answer();
        EXPECT_EQ(response.status, 401);
        EXPECT_EQ(json::parse(response.body)["detail"], "signature mismatch");
    }
    EXPECT_TRUE(store.tables().items.empty());
    EXPECT_TRUE(counted(R"(parley_webhook_posts_total{result="bad_signature"} 3)"));
    const auto kept = refused.page(0, 10, {});
    ASSERT_EQ(kept.size(), 3U) << "for the operator to look at";
    EXPECT_EQ(kept.front().status, 401);
    EXPECT_EQ(kept.front().reason, "signature mismatch");
}

struct RecordingLog final : WebhookLog {
    std::vector<LoggedItem> items;
    std::vector<RefusedPost> refusals;
    void accepted(std::vector<LoggedItem> some) override {
        for (LoggedItem& one : some) items.push_back(std::move(one));
    }
    void refused(RefusedPost post) override { refusals.push_back(std::move(post)); }
};

TEST_F(WebhookEndpointTest, copies_what_is_stored_and_what_is_refused_to_a_log) {
    RecordingLog log;
    open();
    endpoint->log_to(log);
    store.hold_completions();
    post(message_for(first_number, "a"));
    EXPECT_TRUE(log.items.empty()) << "it is not stored yet";
    store.run();
    post(message_for(first_number, "a"));
    post(message_for("399999999999999", "b"));
    store.run();
    post(message_for(first_number, "c"), "wrong secret").answer();
    ASSERT_EQ(log.items.size(), 2U) << "without the repeated one";
    EXPECT_EQ(log.items[0].deployment.str(), "jupiter");
    EXPECT_EQ(log.items[0].item.message->from.wa_id, "919800000001");
    EXPECT_EQ(log.items[0].post.peer, "127.0.0.1");
    EXPECT_EQ(log.items[0].post.received_at, clock.wall());
    EXPECT_TRUE(log.items[1].deployment.empty());
    ASSERT_EQ(log.refusals.size(), 1U);
    EXPECT_EQ(log.refusals[0].status, 401);
    EXPECT_EQ(log.refusals[0].body, message_for(first_number, "c"));
}

TEST_F(WebhookEndpointTest, takes_webhooks_of_allowed_networks_only) {
    options.gate.allowed_networks = *Networks::parse({"203.0.113.0/24", "2001:db8::/32"});
    const std::string body = message_for(first_number, "a");
    FakeRequest request;
    request.content = body;
    request.headers = {{"X-Hub-Signature-256", make_signature(Secret("first secret"), body)}};
    request.address = "198.51.100.1";
    EXPECT_EQ(send(request).answer().status, 403);
    request.verb = "GET";
    EXPECT_EQ(send(request).answer().status, 403);
    EXPECT_TRUE(store.tables().items.empty());
    request.where = "/webhook/nobody";
    EXPECT_EQ(send(request).answer().status, 403);
    request.where = "/webhook";
    EXPECT_TRUE(counted(R"(parley_webhook_turned_away_total{reason="network"} 3)"));
    request.verb = "POST";
    request.address = "::ffff:203.0.113.9";
    EXPECT_EQ(send(request).answer().status, 200);
}

TEST_F(WebhookEndpointTest, sees_the_client_behind_a_trusted_proxy) {
    options.gate.allowed_networks = *Networks::parse({"203.0.113.0/24"});
    options.gate.trusted_proxies = *Networks::parse({"127.0.0.1"});
    const std::string body = message_for(first_number, "a");
    FakeRequest request;
    request.content = body;
    request.headers = {{"X-Hub-Signature-256", make_signature(Secret("first secret"), body)},
                       {"X-Forwarded-For", "203.0.113.9"},
                       {"X-Forwarded-For", "198.51.100.1"}};
    EXPECT_EQ(send(request).answer().status, 403) << "the left entry is the client's own claim";
    request.headers.pop_back();
    EXPECT_EQ(send(request).answer().status, 200);
    EXPECT_EQ(store.tables().items.begin()->second.post.peer, "203.0.113.9");
}

TEST_F(WebhookEndpointTest, takes_no_forwarded_request_for_a_trial) {
    options.allow_unsigned = true;
    options.gate.trusted_proxies = *Networks::parse({"127.0.0.1"});
    for (const char* forwarded : {"127.0.0.1", "203.0.113.9", ""}) {
        FakeRequest request = unsigned_trial(message_for(first_number, "a"));
        request.headers.emplace_back("X-Forwarded-For", forwarded);
        EXPECT_EQ(send(request).answer().status, 401) << forwarded;
    }
    EXPECT_EQ(send(unsigned_trial(message_for(first_number, "a"))).answer().status, 200);
}

TEST_F(WebhookEndpointTest, wants_the_certificate_of_the_right_client) {
    options.gate.client_name = "client.webhooks.fbclientcerts.com";
    const std::string body = message_for(first_number, "a");
    FakeRequest request;
    request.content = body;
    request.headers = {{"X-Hub-Signature-256", make_signature(Secret("first secret"), body)}};
    for (const char* name : {"", "other.example", "client.webhooks.fbclientcerts.com.evil.example"}) {
        request.certificate.name = name;
        EXPECT_EQ(send(request).answer().status, 403) << name;
    }
    EXPECT_TRUE(counted(R"(parley_webhook_turned_away_total{reason="certificate"} 3)"));
    request.certificate.name = "client.webhooks.fbclientcerts.com";
    EXPECT_EQ(send(request).answer().status, 200);
}

TEST_F(WebhookEndpointTest, limits_addresses_that_show_no_good_signature) {
    options.gate.rate_limit = 2.0 / 60;
    FakeRequest stranger;
    stranger.content = message_for(first_number, "x");
    stranger.address = "203.0.113.9";
    EXPECT_EQ(send(stranger).answer().status, 401);
    EXPECT_EQ(send(stranger).answer().status, 401);
    const HttpResponse limited = send(stranger).answer();
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.headers, (HttpHeaders{{"Retry-After", "31"}}));
    EXPECT_TRUE(counted(R"(parley_webhook_turned_away_total{reason="rate"} 1)"));
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(post(message_for(first_number, std::to_string(i))).answer().status, 200) << i;
    clock.advance(std::chrono::seconds(31));
    EXPECT_EQ(send(stranger).answer().status, 401);
}

TEST_F(WebhookEndpointTest, checks_the_signature_before_it_reads_the_body) {
    FakeRequest request;
    request.content = "no json";
    EXPECT_EQ(send(request).answer().status, 401);
    const HttpResponse response = post("no json").answer();
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(counted(R"(parley_webhook_posts_total{result="invalid"} 1)"));
}

TEST_F(WebhookEndpointTest, hands_a_second_delivery_to_nobody) {
    post(message_for(first_number, "a")).answer();
    EXPECT_EQ(post(message_for(first_number, "a")).answer().body, counts(0, 1, 0, 0));
    EXPECT_EQ(sink.messages.size(), 1U);
    EXPECT_TRUE(counted(R"(parley_webhook_items_total{kind="message",result="duplicate"} 1)"));
}

TEST_F(WebhookEndpointTest, refuses_numbers_of_another_app_and_keeps_the_rest) {
    const std::string both =
        R"({"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":)" +
        samples::messages_of(first_number, samples::text_message("a", "1", "x")) +
        R"(},{"field":"messages","value":)" +
        samples::messages_of(second_number, samples::text_message("b", "1", "x")) + "}]}]}";
    EXPECT_EQ(post(both).answer().body, counts(1, 0, 0, 1));
    EXPECT_EQ(store.tables().items.size(), 1U);
    const HttpResponse response = post(message_for(second_number, "c")).answer();
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(json::parse(response.body)["detail"], "signature mismatch");
    EXPECT_EQ(store.tables().items.size(), 1U);
    EXPECT_EQ(post(message_for(second_number, "c"), "second secret").answer().body, counts(1, 0, 0, 0));
    EXPECT_EQ(sink.messages.back().deployment->id.str(), "support");
}

TEST_F(WebhookEndpointTest, keeps_messages_for_unknown_numbers_as_unrouted) {
    EXPECT_EQ(post(message_for("123456123", "a")).answer().body, counts(0, 0, 1, 0));
    EXPECT_TRUE(sink.messages.empty());
    ASSERT_EQ(store.tables().items.size(), 1U);
    EXPECT_EQ(store.tables().items.begin()->second.state, InboundState::unrouted);
}

TEST_F(WebhookEndpointTest, gives_messages_without_a_number_to_the_default_deployment) {
    EXPECT_EQ(post(samples::load("no_metadata")).answer().body, counts(1, 0, 0, 0));
    EXPECT_EQ(store.tables().items.begin()->second.arrived.item.channel.str(), first_number);
    EXPECT_EQ(sink.messages.at(0).deployment->id.str(), "jupiter");
    EXPECT_EQ(post(samples::load("no_metadata"), "second secret").answer().status, 401);
}

TEST_F(WebhookEndpointTest, keeps_what_no_agent_answers_without_handing_it_on) {
    for (const char* name :
         {"reaction", "system_number", "unsupported", "group_text", "edit", "template_status", "standby"}) {
        EXPECT_EQ(post(samples::load(name)).answer().body, counts(1, 0, 0, 0)) << name;
    }
    EXPECT_TRUE(sink.messages.empty());
    for (const auto& [seq, item] : store.tables().items) EXPECT_FALSE(item.arrived.answerable);
}

TEST_F(WebhookEndpointTest, hands_on_what_no_agent_answers_to_the_agent_that_asks_for_it) {
    Deployment curious = deployment_of("jupiter", first_number, "default");
    curious.events = {"reaction", "edit", "unsupported"};
    accounts.replace({std::move(curious)});
    for (const char* name : {"reaction", "reaction_removed", "system_number", "unsupported", "unknown_type",
                             "group_text", "edit", "revoke", "template_status"})
        post(samples::load(name)).answer();
    std::vector<std::string> heard;
    for (const QueuedMessage& message : sink.messages) {
        EXPECT_TRUE(message.message.is_note);
        heard.push_back(message.message.type);
    }
    EXPECT_EQ(heard, (std::vector<std::string>{"reaction", "reaction", "unsupported", "hologram", "edit"}));
}

TEST_F(WebhookEndpointTest, hands_statuses_of_its_own_messages_to_the_agent_that_asks_for_them) {
    Deployment curious = deployment_of("jupiter", first_number, "default");
    curious.events = {"status.failed"};
    accounts.replace({std::move(curious)});
    post(samples::load("status_failed_without_details")).answer();
    EXPECT_TRUE(sink.messages.empty());
    const NewOutbound reply{
        PhoneNumberId(first_number), {"919800000001", ""}, R"({"type":"text"})", "p1.X", "order 7"};
    store.add_outbound(reply, clock.wall(), {});
    post(samples::load("status_sent")).answer();
    post(samples::load("status_failed")).answer();
    post(samples::load("status_failed")).answer();
    ASSERT_EQ(sink.messages.size(), 1U);
    const QueuedMessage& event = sink.messages[0];
    EXPECT_EQ(event.message.kind, EventKind::status);
    EXPECT_EQ(event.message.type, "failed");
    EXPECT_TRUE(event.message.is_note);
    EXPECT_TRUE(event.message.text.starts_with("Re-engagement message")) << event.message.text;
    const json canonical = json::parse(event.canonical_json);
    EXPECT_EQ(canonical["event"], "status");
    EXPECT_EQ(canonical["callback"], "order 7");
    EXPECT_EQ(canonical["message"]["errors"][0]["code"], 131047);
    EXPECT_EQ(event.conversation, sink.applied.back().conversation);
}

TEST_F(WebhookEndpointTest, hands_other_fields_to_the_agents_that_ask_for_them) {
    Deployment first = deployment_of("jupiter", first_number, "default");
    Deployment second = deployment_of("support", second_number, "default");
    Deployment third = deployment_of("sales", "300000000000003", "other");
    first.waba_id = second.waba_id = third.waba_id = "200000000000001";
    first.events = second.events =
        third.events = {"field.message_template_status_update", "field.user_preferences", "errors"};
    accounts.replace({first, second, third});
    EXPECT_EQ(post(samples::load("template_status")).answer().body, counts(1, 0, 0, 0));
    EXPECT_EQ(post(samples::load("template_status")).answer().body, counts(0, 1, 0, 0));
    post(samples::load("user_preferences")).answer();
    post(samples::load("value_errors")).answer();
    post(samples::load("template_quality")).answer();
    std::vector<std::string> heard;
    for (const QueuedMessage& message : sink.messages) {
        EXPECT_EQ(message.message.kind, EventKind::system);
        EXPECT_EQ(json::parse(message.canonical_json)["event"], "system");
        heard.push_back(message.deployment->id.str() + " " + message.message.type + " " +
                        message.message.from.wa_id);
    }
    EXPECT_EQ(heard, (std::vector<std::string>{"jupiter message_template_status_update ",
                                               "support message_template_status_update ",
                                               "jupiter user_preferences 919800000001", "jupiter errors "}));
}

TEST_F(WebhookEndpointTest, takes_a_mixed_batch_apart) {
    accounts.replace({deployment_of("jupiter", first_number, "default"),
                      deployment_of("support", second_number, "default")});
    EXPECT_EQ(post(samples::load("mixed_batch")).answer().body, counts(7, 0, 0, 0));
    std::vector<std::string> heard;
    for (const QueuedMessage& message : sink.messages)
        heard.push_back(message.deployment->id.str() + " " + message.message.text);
    EXPECT_EQ(heard, (std::vector<std::string>{"jupiter one", "jupiter two", "support three", "support four",
                                               "support five"}));
    EXPECT_TRUE(counted(R"(parley_webhook_items_total{kind="status",result="accepted"} 2)"));
}

TEST_F(WebhookEndpointTest, tells_the_sink_which_outbound_message_a_status_moved) {
    NewOutbound reply{PhoneNumberId(first_number), {"919800000001", ""}, R"({"type":"text"})", "p1.X", ""};
    OutboundId id{};
    store.add_outbound(reply, clock.wall(), [&](Result<OutboundMessage> stored) { id = stored->id; });
    post(samples::load("status_failed")).answer();
    ASSERT_EQ(sink.applied.size(), 1U);
    EXPECT_EQ(sink.applied[0].id, id);
    EXPECT_EQ(sink.applied[0].state, OutboundState::failed);
}

TEST_F(WebhookEndpointTest, lets_statuses_wait_for_company_but_no_message) {
    post(samples::load("status_sent")).answer();
    EXPECT_TRUE(store.is_lazy);
    post(samples::load("mixed_batch")).answer();
    EXPECT_FALSE(store.is_lazy);
    EXPECT_EQ(store.oldest_answerable, clock.wall() - 30 * 24h);
}

TEST_F(WebhookEndpointTest, stores_old_messages_without_answering_them) {
    const std::string old = samples::load("dashboard_test");
    accounts.replace({deployment_of("jupiter", "123456123", "default")});
    EXPECT_EQ(post(old).answer().body, counts(1, 0, 0, 0));
    EXPECT_TRUE(sink.messages.empty());
    EXPECT_TRUE(counted(R"(parley_webhook_items_total{kind="message",result="expired"} 1)"));
}

TEST_F(WebhookEndpointTest, asks_meta_to_deliver_again_while_nothing_can_be_stored) {
    for (const bool busy : {true, false}) {
        store.refuse_as_busy(busy);
        store.set_writable(busy);
        const HttpResponse response = post(message_for(first_number, "a")).answer();
        EXPECT_EQ(response.status, 503);
        EXPECT_EQ(response.headers, (HttpHeaders{{"Retry-After", "5"}}));
    }
    EXPECT_TRUE(sink.messages.empty());
    EXPECT_TRUE(counted(R"(parley_webhook_posts_total{result="unavailable"} 2)"));
}

TEST_F(WebhookEndpointTest, answers_an_empty_webhook) {
    EXPECT_EQ(post(R"({"object":"whatsapp_business_account","entry":[]})").answer().body, counts(0, 0, 0, 0));
}

TEST_F(WebhookEndpointTest, narrows_a_named_route_to_its_deployment) {
    EXPECT_EQ(post(message_for(second_number, "a"), "second secret", "/webhook/support").answer().body,
              counts(1, 0, 0, 0));
    EXPECT_EQ(post(message_for(first_number, "b"), "first secret", "/webhook/support").answer().status, 401);
    EXPECT_EQ(post(message_for(first_number, "c"), "second secret", "/webhook/support").answer().status, 401);
    EXPECT_EQ(post(samples::load("no_metadata"), "second secret", "/webhook/support").answer().body,
              counts(1, 0, 0, 0));
    EXPECT_EQ(sink.messages.back().deployment->id.str(), "support");
    EXPECT_EQ(post(message_for(first_number, "d"), "first secret", "/webhook/nobody").answer().status, 404);
    EXPECT_EQ(get("/webhook/nobody", "").status, 404);
}

TEST_F(WebhookEndpointTest, verifies_with_every_apps_token_or_with_the_named_ones) {
    const std::string query = "hub.mode=subscribe&hub.challenge=42&hub.verify_token=second+token";
    EXPECT_EQ(get("/webhook", query).body, "42");
    EXPECT_EQ(get("/api/webhook/whatsapp", "mode=subscribe&challenge=test123&verify_token=first+token").body,
              "test123");
    EXPECT_EQ(get("/webhook/support", query).status, 200);
    EXPECT_EQ(get("/webhook/jupiter", query).status, 403);
}

TEST_F(WebhookEndpointTest, routes_changes_of_an_account_by_its_waba_and_app) {
    EXPECT_EQ(post(samples::load("template_status")).answer().body, counts(1, 0, 0, 0));
    EXPECT_EQ(post(samples::load("template_status"), "second secret").answer().status, 401);
    EXPECT_EQ(post(samples::load("misplaced_keys"), "second secret").answer().body, counts(0, 0, 1, 0));
}

TEST_F(WebhookEndpointTest, takes_new_secrets_while_it_runs) {
    post(message_for(first_number, "a")).answer();
    WebhookOptions rotated = options;
    rotated.apps[0].secrets = {Secret("fresh secret"), Secret("first secret")};
    endpoint->reconfigure(rotated);
    EXPECT_EQ(post(message_for(first_number, "b"), "fresh secret").answer().status, 200);
    EXPECT_EQ(post(message_for(first_number, "c"), "first secret").answer().status, 200);
    rotated.apps[0].secrets.pop_back();
    endpoint->reconfigure(rotated);
    EXPECT_EQ(post(message_for(first_number, "d"), "first secret").answer().status, 401);
}

TEST_F(WebhookEndpointTest, takes_unsigned_trials_only_when_told_and_only_from_this_machine) {
    const std::string body = message_for(first_number, "a");
    EXPECT_EQ(send(unsigned_trial(body)).answer().status, 401);
    options.allow_unsigned = true;
    endpoint->reconfigure(options);
    EXPECT_EQ(send(unsigned_trial(body)).answer().body, counts(1, 0, 0, 0));
    EXPECT_EQ(store.tables().items.begin()->second.post.app.str(), "");
    FakeRequest tunnel = unsigned_trial(body);
    tunnel.headers.emplace_back("X-Forwarded-For", "203.0.113.9");
    EXPECT_EQ(send(tunnel).answer().status, 401);
    FakeRequest wrong = unsigned_trial(body);
    wrong.headers.emplace_back("X-Hub-Signature-256", "sha256=00");
    EXPECT_EQ(send(wrong).answer().status, 401) << "a wrong signature is worse than none";
}

TEST_F(WebhookEndpointTest, skips_the_age_rule_for_trials) {
    options.allow_unsigned = true;
    accounts.replace({deployment_of("jupiter", "123456123", "default")});
    EXPECT_EQ(send(unsigned_trial(samples::load("dashboard_test"))).answer().body, counts(1, 0, 0, 0));
    EXPECT_EQ(sink.messages.size(), 1U);
}

struct TrialRepliesTest : WebhookEndpointTest {
    TrialRepliesTest() { options.reply_in_response = true; }

    static NewOutbound reply(const std::string& text) {
        return {PhoneNumberId(first_number),
                {"919876543210", ""},
                R"({"type":"text","text":{"body":")" + text + "\"}}",
                "p1." + text,
                ""};
    }
    void finish_turn(std::size_t number, const std::string& text) {
        const ItemSeq seq = sink.messages.at(number).seq;
        TurnCommit turn;
        turn.seq = seq;
        turn.conversation = sink.messages[number].conversation;
        turn.at = clock.wall();
        turn.replies = {reply(text)};
        turn.annotations = {{"intent", text}};
        store.commit_turn(turn, [](Result<std::vector<OutboundId>>) {});
        if (const auto found = sink.watchers.find(seq); found != sink.watchers.end()) {
            found->second(TurnSummary{true, turn.replies, turn.annotations});
        }
    }
    static json replies(const std::string& body) { return json::parse(body)["replies"]; }
};

TEST_F(TrialRepliesTest, waits_for_the_agent_and_carries_its_replies) {
    FakeExchange& exchange = post(message_for(first_number, "a"));
    EXPECT_FALSE(exchange.is_answered());
    finish_turn(0, "GREETING");
    const json body = json::parse(exchange.answer().body);
    EXPECT_EQ(body["accepted"], 1);
    EXPECT_EQ(body["replies"],
              json::parse(R"([{"to":"919876543210","type":"text","text":{"body":"GREETING"}}])"));
    EXPECT_EQ(body["annotations"], (json{{"intent", "GREETING"}}));
}

TEST_F(TrialRepliesTest, waits_for_every_message_of_the_post_and_keeps_their_order) {
    FakeExchange& exchange = post(samples::envelope(samples::messages_of(
        first_number, samples::text_message("a", "1", "x") + "," + samples::text_message("b", "2", "y"))));
    finish_turn(1, "second");
    EXPECT_FALSE(exchange.is_answered());
    finish_turn(0, "first");
    const json said = replies(exchange.answer().body);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0]["text"]["body"], "first");
    EXPECT_EQ(said[1]["text"]["body"], "second");
}

TEST_F(TrialRepliesTest, does_not_wait_when_nobody_will_answer) {
    EXPECT_EQ(replies(post(samples::load("status_sent")).answer().body), json::array());
    EXPECT_EQ(replies(post(samples::load("reaction")).answer().body), json::array());
}

TEST_F(TrialRepliesTest, answers_without_replies_when_the_wait_is_over) {
    FakeExchange& exchange = post(message_for(first_number, "a"));
    const MonoTime due = endpoint->step(clock.mono());
    EXPECT_EQ(due, clock.mono() + 10s);
    clock.advance(9'999ms);
    endpoint->step(clock.mono());
    EXPECT_FALSE(exchange.is_answered());
    clock.advance(1ms);
    endpoint->step(clock.mono());
    const json body = json::parse(exchange.answer().body);
    EXPECT_EQ(body["replies"], json::array());
    EXPECT_EQ(body["annotations"], json::object());
    finish_turn(0, "too late");
}

TEST_F(TrialRepliesTest, returns_the_recorded_replies_for_a_duplicate) {
    post(message_for(first_number, "a"));
    finish_turn(0, "once");
    const HttpResponse again = post(message_for(first_number, "a")).answer();
    EXPECT_EQ(json::parse(again.body)["duplicates"], 1);
    EXPECT_EQ(replies(again.body),
              json::parse(R"([{"to":"919876543210","type":"text","text":{"body":"once"}}])"));
    EXPECT_EQ(json::parse(again.body)["annotations"], (json{{"intent", "once"}}));
    EXPECT_EQ(sink.messages.size(), 1U);
}

TEST_F(TrialRepliesTest, waits_with_a_duplicate_for_the_turn_that_still_runs) {
    post(message_for(first_number, "a"));
    FakeExchange& again = post(message_for(first_number, "a"));
    ASSERT_EQ(sink.watching.get_future().wait_for(10s), std::future_status::ready);
    EXPECT_FALSE(again.is_answered());
    sink.later.at(0).second(TurnSummary{true, {reply("later")}, {}});
    EXPECT_EQ(replies(again.answer().body)[0]["text"]["body"], "later");
}

TEST_F(TrialRepliesTest, gives_up_on_a_duplicate_whose_turn_nobody_runs) {
    post(message_for(first_number, "a"));
    sink.is_idle = true;
    EXPECT_EQ(replies(post(message_for(first_number, "a")).answer().body), json::array());
}

TEST_F(TrialRepliesTest, answers_those_that_wait_when_the_engine_stops) {
    FakeExchange& exchange = post(message_for(first_number, "a"));
    endpoint.reset();
    EXPECT_EQ(exchange.answer().status, 200);
    finish_turn(0, "after the end");
}

}  // namespace
}  // namespace parley
