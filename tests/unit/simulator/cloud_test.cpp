// The pretended cloud without HTTP: sends, the status ladder, limits, faults, what the page sees.
#include "simulator/cloud.hpp"

#include <set>

#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"
#include "simulator/wire_ids.hpp"

namespace parley::sim {
namespace {

const char* const user = "919800000001";

class CloudTest : public ::testing::Test {
  protected:
    CloudTest() { start({}); }

    void start(Behaviour behaviour) {
        CloudOptions options;
        options.app_secret = Secret("app secret");
        options.numbers = {{"111", "15550001111", "w1", "token", "Cards"}};
        options.behaviour = behaviour;
        cloud_ = std::make_unique<Cloud>(options, clock_, random_);
    }

    HttpResponse send(Json more, const char* token = "Bearer token", const char* number = "111") {
        Json body{{"messaging_product", "whatsapp"},
                  {"to", std::string("+") + user},
                  {"type", "text"},
                  {"text", {{"body", "Hello"}}}};
        body.update(more);
        return cloud_->send("v25.0", number, token, body.dump()).response;
    }
    std::string accepted(Json more = Json::object()) {
        const HttpResponse response = send(std::move(more));
        EXPECT_EQ(response.status, 200) << response.body;
        return Json::parse(response.body)["messages"][0]["id"];
    }
    static int code(const HttpResponse& response) { return Json::parse(response.body)["error"]["code"]; }

    // Steps, answers every post 200 and returns their bodies.
    std::vector<Json> deliver(int http_status = 200) {
        std::vector<Json> bodies;
        for (const WebhookPost& post : cloud_->step(clock_.mono())) {
            EXPECT_EQ(post.signature, "sha256=" + to_hex(HmacSha256(Secret("app secret")).mac(post.body)));
            bodies.push_back(Json::parse(post.body));
            cloud_->answered(post.id, {http_status, http_status == 200 ? "" : "no"});
        }
        return bodies;
    }
    std::vector<std::string> statuses_after(Millis wait) {
        clock_.advance(wait);
        std::vector<std::string> found;
        for (auto bodies = deliver(); !bodies.empty(); bodies = deliver()) {
            for (const Json& body : bodies) {
                const Json& value = body["entry"][0]["changes"][0]["value"];
                for (const Json& status : value["statuses"]) found.push_back(status["status"]);
            }
        }
        return found;
    }
    Json shown(const std::string& id) {
        const Json changes = cloud_->changes_after(0);
        for (const Json& message : changes["messages"]) {
            if (message["id"] == id) return message;
        }
        return nullptr;
    }

    using Statuses = std::vector<std::string>;
    FakeClock clock_;
    FakeRandom random_;
    std::unique_ptr<Cloud> cloud_;
};

TEST_F(CloudTest, accepts_a_send_and_answers_as_graph) {
    const HttpResponse response = send({{"biz_opaque_callback_data", "cb-1"}});
    ASSERT_EQ(response.status, 200);
    const Json body = Json::parse(response.body);
    EXPECT_EQ(body["messaging_product"], "whatsapp");
    EXPECT_EQ(body["contacts"][0]["input"], std::string("+") + user);
    EXPECT_EQ(body["contacts"][0]["wa_id"], user);
    EXPECT_TRUE(body["messages"][0]["id"].get<std::string>().starts_with("wamid."));
    ASSERT_EQ(cloud_->accepted_to(user).size(), 1U);
    EXPECT_EQ(cloud_->accepted_to(user)[0].callback, "cb-1");
    EXPECT_EQ(cloud_->accepted_to(user)[0].text, "Hello");
}

TEST_F(CloudTest, refuses_missing_and_wrong_tokens_with_190) {
    for (const char* token : {"", "Bearer ", "Basic token", "Bearer other", "token"}) {
        const HttpResponse response = send(Json::object(), token);
        EXPECT_EQ(response.status, 401) << token;
        EXPECT_EQ(code(response), 190) << token;
        EXPECT_FALSE(Json::parse(response.body)["error"]["fbtrace_id"].get<std::string>().empty());
    }
    EXPECT_EQ(cloud_->accepted(), 0U);
    EXPECT_EQ(send(Json::object(), "bearer token").status, 200);
}

TEST_F(CloudTest, refuses_unknown_numbers_and_paths) {
    EXPECT_EQ(Json::parse(send(Json::object(), "Bearer token", "999").body)["error"]["error_subcode"], 33);
    EXPECT_EQ(cloud_->send("sim", "111", "Bearer token", "{}").response.status, 400);
    EXPECT_EQ(code(cloud_->send("v25.0", "111", "Bearer token", "{").response), 100);
    EXPECT_EQ(code(cloud_->send("v25.0", "111", "Bearer token", "[1]").response), 100);
}

TEST_F(CloudTest, learns_numbers_when_none_are_configured) {
    CloudOptions options;
    Cloud cloud(options, clock_, random_);
    const Json body{
        {"messaging_product", "whatsapp"}, {"to", user}, {"type", "text"}, {"text", {{"body", "x"}}}};
    EXPECT_EQ(cloud.send("v25.0", "424242", "Bearer any", body.dump()).response.status, 200);
    const Json numbers = cloud.changes_after(0)["numbers"];
    ASSERT_EQ(numbers.size(), 2U);
    EXPECT_EQ(numbers[1]["phone_number_id"], "424242");
    EXPECT_NE(numbers[0]["display_phone_number"], numbers[1]["display_phone_number"]);
}

TEST_F(CloudTest, climbs_the_status_ladder_with_the_callback_in_every_status) {
    const std::string wamid = accepted({{"biz_opaque_callback_data", "cb-1"}});
    EXPECT_EQ(statuses_after(Millis{149}), Statuses{});
    clock_.advance(Millis{1});
    const auto sent = deliver();
    ASSERT_EQ(sent.size(), 1U);
    const Json value = sent[0]["entry"][0]["changes"][0]["value"];
    EXPECT_EQ(value["metadata"]["phone_number_id"], "111");
    const Json status = value["statuses"][0];
    EXPECT_EQ(status["id"], wamid);
    EXPECT_EQ(status["status"], "sent");
    EXPECT_EQ(status["recipient_id"], user);
    EXPECT_EQ(status["timestamp"], "1790000000");
    EXPECT_EQ(status["biz_opaque_callback_data"], "cb-1");
    EXPECT_EQ(status["pricing"]["pricing_model"], "PMP");
    EXPECT_EQ(statuses_after(Millis{250}), Statuses{"delivered"});
    EXPECT_EQ(statuses_after(Millis{60'000}), Statuses{});
    EXPECT_EQ(cloud_->accepted_to(user)[0].status, "delivered");
    ASSERT_TRUE(cloud_->seen({{"phone_number_id", "111"}, {"user", user}}));
    EXPECT_EQ(statuses_after(Millis{350}), Statuses{"read"});
    ASSERT_TRUE(cloud_->seen({{"phone_number_id", "111"}, {"user", user}}));
    EXPECT_EQ(statuses_after(Millis{60'000}), Statuses{});
    EXPECT_EQ(shown(wamid)["state"], "read");
}

TEST_F(CloudTest, reads_a_message_seen_before_it_was_delivered_after_it_was_delivered) {
    accepted();
    ASSERT_TRUE(cloud_->seen({{"phone_number_id", "111"}, {"user", user}}));
    EXPECT_EQ(statuses_after(Millis{150}), Statuses{"sent"});
    EXPECT_EQ(statuses_after(Millis{250}), Statuses{"delivered"});
    EXPECT_EQ(statuses_after(Millis{350}), Statuses{"read"});
}

TEST_F(CloudTest, reads_by_itself_when_told_and_is_silent_when_told) {
    ASSERT_TRUE(cloud_->change_behaviour({{"read_after_ms", 500}}));
    accepted();
    statuses_after(Millis{400});
    EXPECT_EQ(statuses_after(Millis{100}), Statuses{"read"});
    ASSERT_TRUE(cloud_->change_behaviour({{"statuses", false}}));
    accepted();
    EXPECT_EQ(statuses_after(Millis{60'000}), Statuses{});
}

TEST_F(CloudTest, repeats_a_status_until_it_is_answered_200) {
    accepted();
    clock_.advance(Millis{150});
    EXPECT_EQ(deliver(503).size(), 1U);
    EXPECT_EQ(deliver(503).size(), 1U);
    clock_.advance(Millis{60'000});
    int posts = 0;
    for (; posts < 20; ++posts) {
        if (deliver(500).empty()) break;
        clock_.advance(Millis{60'000});
    }
    EXPECT_EQ(posts, 20);
    EXPECT_EQ(cloud_->state("", 10)["webhooks"]["last_error"]["http_status"], 500);
    while (!deliver().empty()) clock_.advance(Millis{60'000});
    EXPECT_TRUE(cloud_->wait_idle(Millis{0}));
    EXPECT_EQ(cloud_->state("", 10)["webhooks"]["delivered"], 2);
}

TEST_F(CloudTest, sends_to_a_business_scoped_id) {
    Json body{{"messaging_product", "whatsapp"},
              {"recipient", "IN.4812"},
              {"type", "text"},
              {"text", {{"body", "x"}}}};
    const HttpResponse response = cloud_->send("v25.0", "111", "Bearer token", body.dump()).response;
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(Json::parse(response.body)["contacts"][0]["user_id"], "IN.4812");
    clock_.advance(Millis{150});
    const Json status = deliver().at(0)["entry"][0]["changes"][0]["value"]["statuses"][0];
    EXPECT_EQ(status["recipient_user_id"], "IN.4812");
    EXPECT_FALSE(status.contains("recipient_id"));
}

TEST_F(CloudTest, enforces_the_window_in_the_answer_or_by_status) {
    ASSERT_TRUE(cloud_->change_behaviour({{"window", "answer"}}));
    EXPECT_EQ(code(send(Json::object())), 131047);
    ASSERT_TRUE(cloud_->user_message({{"from", user}, {"text", "Hi"}}));
    deliver();
    accepted();
    statuses_after(Millis{1000});
    clock_.advance(std::chrono::hours(24));
    EXPECT_EQ(code(send(Json::object())), 131047);
    EXPECT_EQ(send({{"type", "template"},
                    {"template", {{"name", "n"}, {"language", {{"code", "en"}}}}},
                    {"text", nullptr}})
                  .status,
              200);
    statuses_after(Millis{1000});
    ASSERT_TRUE(cloud_->change_behaviour({{"window", "status"}}));
    accepted();
    clock_.advance(Millis{150});
    const Json status = deliver().at(0)["entry"][0]["changes"][0]["value"]["statuses"][0];
    EXPECT_EQ(status["status"], "failed");
    EXPECT_EQ(status["errors"][0]["code"], 131047);
    EXPECT_EQ(statuses_after(Millis{60'000}), Statuses{});
}

TEST_F(CloudTest, enforces_pair_rate_throughput_and_reachability) {
    ASSERT_TRUE(cloud_->change_behaviour({{"pair_rate", true}, {"statuses", false}}));
    for (int i = 0; i < 45; ++i) accepted();
    EXPECT_EQ(code(send(Json::object())), 131056);
    clock_.advance(Millis{6000});
    accepted();
    EXPECT_EQ(code(send(Json::object())), 131056);
    ASSERT_TRUE(cloud_->change_behaviour({{"pair_rate", false}, {"throughput", true}}));
    for (int i = 0; i < 80; ++i) accepted();
    EXPECT_EQ(code(send(Json::object())), 130429);
    ASSERT_TRUE(
        cloud_->change_behaviour({{"throughput", false}, {"statuses", true}, {"unreachable", {user}}}));
    accepted();
    EXPECT_EQ(statuses_after(Millis{150}), Statuses{"failed"});
}

TEST_F(CloudTest, plays_scripted_faults) {
    ASSERT_TRUE(cloud_->add_faults(Json::parse(
        R"([{"http_status":503},{"graph_code":130429},{"cut":"before"},{"cut":"after"},{"graph_code":131000,"accept":true},{"graph_code":131026,"later":true},{"delay_ms":70}])")));
    HttpResponse answer = send(Json::object());
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body.find("\"error\""), std::string::npos);
    answer = send(Json::object());
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(code(answer), 130429);
    EXPECT_TRUE(send(Json::object()).abort_connection);
    EXPECT_EQ(cloud_->accepted(), 0U);
    EXPECT_TRUE(send(Json::object()).abort_connection);
    EXPECT_EQ(cloud_->accepted(), 1U);
    EXPECT_EQ(send(Json::object()).status, 500);
    EXPECT_EQ(cloud_->accepted(), 2U);
    EXPECT_EQ(send(Json::object()).status, 200);
    EXPECT_EQ(statuses_after(Millis{150}), (Statuses{"sent", "sent", "failed"}));
    Json body{{"messaging_product", "whatsapp"}, {"to", user}, {"text", {{"body", "x"}}}};
    EXPECT_EQ(cloud_->send("v25.0", "111", "Bearer token", body.dump()).delay, Millis{70});
    EXPECT_EQ(send(Json::object()).status, 200);
    EXPECT_EQ(cloud_->state("", 1)["sends"]["counts"]["cut_after"], 1);
}

TEST_F(CloudTest, adds_all_faults_or_none) {
    EXPECT_FALSE(cloud_->add_faults(Json::parse(R"({"rules":[{"http_status":503},{"cut":"never"}]})")));
    EXPECT_EQ(send(Json::object()).status, 200);
}

TEST_F(CloudTest, delivers_what_a_user_writes_and_shows_what_became_of_it) {
    const auto wamid = cloud_->user_message(
        {{"from", "+919800000001"}, {"name", "Asha"}, {"text", "Gr\u00fc\u00dfe / 50%"}});
    ASSERT_TRUE(wamid);
    EXPECT_EQ(shown(*wamid)["state"], "waiting");
    const auto posts = cloud_->step(clock_.mono());
    ASSERT_EQ(posts.size(), 1U);
    EXPECT_NE(posts[0].body.find(R"(Gr\u00fc\u00dfe \/ 50\u0025)"), std::string::npos);
    const Json value = Json::parse(posts[0].body)["entry"][0]["changes"][0]["value"];
    EXPECT_EQ(value["contacts"][0], Json::parse(R"({"profile":{"name":"Asha"},"wa_id":"919800000001"})"));
    EXPECT_EQ(value["messages"][0]["from"], user);
    EXPECT_EQ(value["messages"][0]["id"], *wamid);
    EXPECT_EQ(value["messages"][0]["timestamp"], "1790000000");
    cloud_->answered(posts[0].id, {401, "bad signature"});
    EXPECT_EQ(shown(*wamid)["state"], "retrying");
    EXPECT_EQ(shown(*wamid)["delivery"]["http_status"], 401);
    EXPECT_EQ(deliver().size(), 1U);
    EXPECT_EQ(shown(*wamid)["state"], "accepted");
    const Json receipt{{"messaging_product", "whatsapp"},
                       {"status", "read"},
                       {"message_id", *wamid},
                       {"typing_indicator", {{"type", "text"}}}};
    EXPECT_EQ(cloud_->send("v25.0", "111", "Bearer token", receipt.dump()).response.body,
              R"({"success":true})");
    EXPECT_EQ(shown(*wamid)["state"], "read");
    EXPECT_EQ(cloud_->changes_after(0)["typing"].size(), 1U);
    accepted();
    EXPECT_TRUE(cloud_->changes_after(0)["typing"].empty());
}

TEST_F(CloudTest, injects_native_objects_quotes_and_known_ids) {
    const Json request = Json::parse(
        R"({"from":"919800000001","user_id":"IN.1","id":"wamid.FIXED","reply_to":"wamid.OUT","message":{"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"a","title":"A"}}}})");
    EXPECT_EQ(*cloud_->user_message(request), "wamid.FIXED");
    const Json message = deliver().at(0)["entry"][0]["changes"][0]["value"]["messages"][0];
    EXPECT_EQ(message["context"], Json::parse(R"({"from":"15550001111","id":"wamid.OUT"})"));
    EXPECT_EQ(message["interactive"]["button_reply"]["id"], "a");
    EXPECT_EQ(message["from_user_id"], "IN.1");
    EXPECT_EQ(*cloud_->user_message(request), "wamid.FIXED");
    EXPECT_EQ(deliver().size(), 1U);
    EXPECT_EQ(cloud_->changes_after(0)["messages"].size(), 1U);
}

TEST_F(CloudTest, refuses_user_messages_that_make_no_sense) {
    for (const char* text : {R"({"text":"x"})", R"({"from":"91 98","text":"x"})", R"({"from":"91"})",
                             R"({"from":"91","text":""})", R"({"from":"91","message":{"text":{}}})",
                             R"({"from":"91","text":"x","phone_number_id":"5"})"}) {
        EXPECT_FALSE(cloud_->user_message(Json::parse(text))) << text;
    }
    EXPECT_FALSE(cloud_->user_message({{"from", user}, {"text", std::string(4097, 'x')}}));
    EXPECT_TRUE(deliver().empty());
}

TEST_F(CloudTest, tells_only_what_changed) {
    accepted();
    const Json first = cloud_->changes_after(0);
    EXPECT_EQ(first["messages"].size(), 1U);
    const std::uint64_t next = first["next"];
    EXPECT_EQ(cloud_->revision(), next);
    EXPECT_TRUE(cloud_->changes_after(next)["messages"].empty());
    statuses_after(Millis{150});
    EXPECT_EQ(cloud_->changes_after(next)["messages"].size(), 1U);
    cloud_->reset();
    EXPECT_NE(cloud_->changes_after(0)["epoch"], first["epoch"]);
    EXPECT_TRUE(cloud_->changes_after(0)["messages"].empty());
    EXPECT_EQ(cloud_->accepted(), 0U);
}

TEST_F(CloudTest, pages_through_many_changes) {
    ASSERT_TRUE(cloud_->change_behaviour({{"statuses", false}}));
    for (int i = 0; i < 450; ++i) accepted();
    std::size_t seen = 0;
    std::uint64_t after = 0;
    for (Json page = cloud_->changes_after(after); !page["messages"].empty();
         page = cloud_->changes_after(after)) {
        seen += page["messages"].size();
        after = page["next"];
    }
    EXPECT_EQ(seen, 450U);
}

TEST_F(CloudTest, bounds_what_it_remembers_and_still_counts_exactly) {
    ASSERT_TRUE(cloud_->change_behaviour({{"statuses", false}}));
    const std::uint64_t many = ChatBook::max_messages + 100;
    for (std::uint64_t i = 0; i < many; ++i)
        accepted({{"biz_opaque_callback_data", "cb" + std::to_string(i / 2)}});
    EXPECT_EQ(cloud_->accepted(), many);
    std::size_t kept = 0;
    std::uint64_t after = 0;
    for (Json page = cloud_->changes_after(after); !page["messages"].empty();
         page = cloud_->changes_after(after)) {
        kept += page["messages"].size();
        after = page["next"];
    }
    EXPECT_EQ(kept, ChatBook::max_messages);
    const Json sends = cloud_->state(user, 3)["sends"];
    EXPECT_EQ(sends["recipients"][user]["accepted"], many);
    EXPECT_EQ(sends["recipients"][user]["messages"].size(), 3U);
    EXPECT_EQ(sends["recipients"][user]["messages"][2]["callback_count"], 2);
    EXPECT_EQ(sends["repeated"].size(), many / 2);
}

TEST(AcceptedLog, forgets_the_oldest_and_keeps_the_totals) {
    AcceptedLog log;
    for (std::size_t i = 0; i < AcceptedLog::max_messages + 2; ++i) {
        log.add({"w" + std::to_string(i),
                 "111",
                 i % 2 == 0 ? "a" : "b",
                 "cb" + std::to_string(i),
                 "text",
                 "",
                 "accepted",
                 {}});
    }
    EXPECT_EQ(log.total(), AcceptedLog::max_messages + 2);
    EXPECT_EQ(log.total_to("a"), AcceptedLog::max_messages / 2 + 1);
    EXPECT_EQ(log.to("a").size(), AcceptedLog::max_messages / 2);
    EXPECT_EQ(log.to("a").front().wamid, "w2");
    EXPECT_EQ(log.times("cb0"), 0U);
    EXPECT_EQ(log.times("cb2"), 1U);
    log.set_status("w0", "read");
    log.set_status("w2", "read");
    EXPECT_EQ(log.to("a").front().status, "read");
}

TEST(WireIds, are_all_different) {
    FakeRandom random;
    std::set<std::string> ids;
    for (std::uint64_t i = 0; i < 1000; ++i) ids.insert(make_wamid("91", i, random));
    EXPECT_EQ(ids.size(), 1000U);
    EXPECT_EQ(make_trace_id(random).size(), 23U);
}

}  // namespace
}  // namespace parley::sim
