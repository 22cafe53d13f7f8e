#include "host/host_http.hpp"

#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class HostHttp : public BothWays {
  protected:
    std::string status_of(Agent& agent, const std::string& request) {
        return ask(agent, "request " + request).reply();
    }

    static std::string text_of(parley_status status) { return text_reply(std::to_string(status)); }
};

TEST_P(HostHttp, makes_the_request_and_hands_over_the_answer) {
    const auto agent = make("probe", {{}, false, {{"CRM_KEY", Secret("s3cret")}}});
    const Asked asked = ask(
        *agent, R"(request {"method":"POST","url":"https://crm.example.org/lead?x=1",)"
                R"("headers":{"Authorization":"Bearer ${secret:CRM_KEY}","X-Plain":"a"},"timeout_ms":3000})");
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->second.method, "POST");
    EXPECT_EQ(call->second.url, "https://crm.example.org/lead?x=1");
    EXPECT_EQ(call->second.headers, (HttpHeaders{{"Authorization", "Bearer s3cret"}, {"X-Plain", "a"}}));
    EXPECT_EQ(call->second.body, "body");
    EXPECT_EQ(call->second.timeout, Millis{3'000});
    EXPECT_EQ(call->second.connect_timeout, Millis{3'000});
    EXPECT_EQ(call->second.max_response, 8U << 20);
    EXPECT_FALSE(call->second.allow_private_network);
    EXPECT_FALSE(asked.is_finished());
    EXPECT_TRUE(http_.answer(call->first, 503, "busy", {{"retry-after", "1"}, {"vary", "a"}, {"vary", "b"}}));
    EXPECT_EQ(asked.reply(), text_reply(R"(0 503 {\"retry-after\":\"1\",\"vary\":\"a, b\"} busy)"));
}

TEST_P(HostHttp, carries_the_trace_of_its_turn_unless_the_agent_has_its_own) {
    const auto agent = make("probe");
    const TraceId trace = to_trace_id("0123456789abcdef");
    const std::string own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    std::vector<std::string> sent;
    std::size_t calls = 0;
    for (const std::string& headers : std::vector<std::string>{
             "", R"(,"headers":{"TraceParent":")" + own + "\"}", R"(,"headers":{"a":"b"})"}) {
        TurnEvent facts = event(R"(request {"url":"https://example.org/")" + headers + "}");
        facts.trace_id = trace;
        facts.span = 7;
        const Asked asked(std::move(facts));
        agent->deliver(asked.turn());
        const auto call = http_.wait_for_call(++calls);
        ASSERT_TRUE(call);
        std::string found;
        for (const auto& [name, value] : call->second.headers)
            if (name == "traceparent" || name == "TraceParent") found += value;
        sent.push_back(found);
        http_.answer(call->first, 200, "");
        asked.wait();
    }
    EXPECT_EQ(sent[1], own);
    const auto first = parse_traceparent(sent[0]);
    const auto last = parse_traceparent(sent[2]);
    ASSERT_TRUE(first && last);
    EXPECT_EQ(first->trace, trace);
    EXPECT_EQ(last->trace, trace);
    EXPECT_NE(first->span, last->span);
}

TEST_P(HostHttp, never_lets_a_request_outlive_its_turn) {
    const auto agent = make("probe");
    TurnEvent facts = event(R"(request {"url":"https://example.org/","timeout_ms":60000})");
    facts.deadline = clock_.mono() + Millis{1'500};
    const Asked asked(std::move(facts));
    agent->deliver(asked.turn());
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->second.timeout, Millis{1'500});
    http_.answer(call->first, 200, "");
    asked.wait();

    TurnEvent late = event(R"(request {"url":"https://example.org/"})");
    late.deadline = clock_.mono();
    const Asked too_late(std::move(late));
    agent->deliver(too_late.turn());
    EXPECT_EQ(too_late.reply(), text_of(PARLEY_STALE));
}

TEST_P(HostHttp, says_how_a_request_failed) {
    const auto agent = make("probe");
    const std::vector<std::pair<HttpFailure, std::string>> failures{
        {{HttpFailure::Kind::not_sent, false, "could not resolve host"}, "-9 0  could not resolve host"},
        {{HttpFailure::Kind::in_doubt, true, "took too long", true}, "-6 0  took too long"},
        {{HttpFailure::Kind::not_sent, false, "a private network", false, true}, "-8 0  a private network"},
        {{HttpFailure::Kind::too_large, true, "too large"}, "-3 0  too large"},
        {{HttpFailure::Kind::cancelled, false, "shutdown"}, "-7 0  shutdown"}};
    for (std::size_t i = 0; i < failures.size(); ++i) {
        const Asked asked = ask(*agent, "get https://example.org/");
        const auto call = http_.wait_for_call(i + 1);
        ASSERT_TRUE(call);
        http_.fail(call->first, failures[i].first);
        EXPECT_EQ(asked.reply(), text_reply(failures[i].second));
    }
}

TEST_P(HostHttp, refuses_malformed_requests) {
    const auto agent = make("probe", {{}, true, {{"SPLIT", Secret("a\r\nX-Evil: 1")}}});
    for (const char* request : {"",
                                "[]",
                                "{}",
                                R"({"url":7})",
                                R"({"url":"ftp://example.org/"})",
                                R"({"url":"example.org"})",
                                R"({"url":"https://user:pw@example.org/"})",
                                R"({"url":"https://allowed.org\\@example.org/"})",
                                R"({"url":"https://exa mple.org/"})",
                                R"({"url":"https://example.org:99999/"})",
                                R"({"url":"https:///x"})",
                                R"({"url":"https://example.org/\u00e9"})",
                                R"({"url":"https://example.org/","method":"GET /"})",
                                R"({"url":"https://example.org/","timeout_ms":0})",
                                R"({"url":"https://example.org/","timeout_ms":"1s"})",
                                R"({"url":"https://example.org/","headers":[]})",
                                R"({"url":"https://example.org/","headers":{"a":1}})",
                                R"({"url":"https://example.org/","headers":{"a b":"c"}})",
                                R"({"url":"https://example.org/","headers":{"a":"b\r\nc"}})",
                                R"({"url":"https://example.org/","headers":{"Host":"internal"}})",
                                R"({"url":"https://example.org/","headers":{"content-length":"5"}})",
                                R"({"url":"https://example.org/","headers":{"a":"${secret:NOBODY}"}})",
                                R"({"url":"https://example.org/","headers":{"a":"${secret:SPLIT}"}})",
                                R"({"url":"https://example.org/","headers":{"a":"${secret:SPLIT"}})"})
        EXPECT_EQ(status_of(*agent, request), text_of(PARLEY_INVALID)) << request;
    EXPECT_EQ(http_.started_calls(), 0U);
}

TEST_P(HostHttp, reaches_what_a_new_policy_allows) {
    const auto agent = make("probe", {{"api.example.org"}, false, {}});
    EXPECT_EQ(ask(*agent, "get https://new.example.org/").reply(), text_of(PARLEY_DENIED));
    host().set_policy(DeploymentId{"other"}, {{"new.example.org"}, false, {}});
    EXPECT_EQ(ask(*agent, "get https://new.example.org/").reply(), text_of(PARLEY_DENIED));
    host().set_policy(DeploymentId{"shop"}, {{"new.example.org"}, false, {}});
    EXPECT_EQ(ask(*agent, "get https://api.example.org/").reply(), text_of(PARLEY_DENIED));
    const Asked asked = ask(*agent, "get https://new.example.org/");
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    http_.answer(call->first, 200, "");
    asked.wait();
}

TEST_P(HostHttp, reaches_allowed_hosts_only) {
    const auto agent =
        make("probe", {{"api.example.org", "*.crm.example.com", "other.example.org:8443"}, false, {}});
    for (const char* url :
         {"https://evil.org/", "https://api.example.org.evil.org/", "https://crm.example.com/",
          "https://other.example.org/", "https://xapi.example.org/"})
        EXPECT_EQ(ask(*agent, std::string("get ") + url).reply(), text_of(PARLEY_DENIED)) << url;
    std::size_t calls = 0;
    for (const char* url :
         {"https://API.example.org/x", "http://a.b.crm.example.com/", "https://other.example.org:8443/"}) {
        const Asked asked = ask(*agent, std::string("get ") + url);
        const auto call = http_.wait_for_call(++calls);
        ASSERT_TRUE(call) << url;
        http_.answer(call->first, 200, "");
        asked.wait();
    }
}

TEST_P(HostHttp, keeps_out_of_private_networks_unless_told_otherwise) {
    const auto agent = make("probe");
    for (const char* url :
         {"http://localhost/", "http://127.0.0.1:8000/", "http://10.1.2.3/", "http://172.20.0.1/",
          "http://192.168.1.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://[fe80::1]/",
          "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "http://x.localhost./"})
        EXPECT_EQ(ask(*agent, std::string("get ") + url).reply(), text_of(PARLEY_DENIED)) << url;
    EXPECT_EQ(http_.started_calls(), 0U);

    const auto trusted = make("probe", {{}, true, {}});
    const Asked asked = ask(*trusted, "get http://127.0.0.1:9000/");
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    EXPECT_TRUE(call->second.allow_private_network);
    http_.answer(call->first, 200, "");
    asked.wait();
}

TEST_P(HostHttp, ends_a_request_with_its_turn_and_completes_it_once) {
    const auto agent = make("probe");
    ask(*agent, "start-and-finish").wait();
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    EXPECT_TRUE(eventually([&] { return http_.open_calls() == 0; }));
    EXPECT_EQ(http_.cancelled_calls(), 1U);
    EXPECT_FALSE(http_.answer(call->first, 200, "too late"));
    EXPECT_EQ(ask(*agent, "report").reply(), text_reply("started 0\\nresult -7 0  cancelled\\n"));
}

TEST_P(HostHttp, a_cancelled_turn_cancels_its_request_after_the_agent_was_told) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "get https://example.org/");
    ASSERT_TRUE(http_.wait_for_call(1));
    ASSERT_EQ(ask(*agent, "echo x").reply(), text_reply("x"));  // its call has returned
    asked.turn()->revoke();
    agent->cancel(asked.turn(), "shutdown");
    EXPECT_EQ(ask(*agent, "report").reply(),
              text_reply("cancelled -7, reply -1\\nresult -7 0  cancelled\\n"));
    EXPECT_EQ(http_.open_calls(), 0U);
}

TEST_P(HostHttp, an_answer_after_the_instance_is_gone_harms_nobody) {
    auto agent = make("probe");
    ask(*agent, "start-and-finish").wait();
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    agent.reset();
    EXPECT_TRUE(eventually([&] { return host().instance_count() == 0; }));
    EXPECT_FALSE(http_.answer(call->first, 200, ""));
}

INSTANTIATE_TEST_SUITE_P(Agents, HostHttp, both_ways, way_name);

}  // namespace
}  // namespace parley
