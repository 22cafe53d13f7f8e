// Which handler a path finds, and what the others are told.
#include "net/router.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

class RouterTest : public testing::Test {
  protected:
    RouterTest() {
        const auto tell = [](std::string name) {
            return [name = std::move(name)](const HttpRequest&, const PathArguments& arguments,
                                            Responder respond) {
                auto text = name;
                for (const auto& argument : arguments) text += "|" + argument;
                respond(HttpResponse::text(200, text));
            };
        };
        router_.add("GET", "/", tell("root"));
        router_.add("GET", "/webhook/{deployment}", tell("verify"));
        router_.add("POST", "/webhook/{deployment}", tell("receive"));
        router_.add("DELETE", "/api/a/{id}/keys/{key}", tell("key"));
        router_.add("GET", "/files/{path...}", tell("files"));
    }

    HttpResponse ask(const std::string& method, const std::string& path) {
        FakeRequest request;
        request.verb = method;
        request.where = path;
        FakeExchange exchange;
        router_.handle(request, exchange.responder());
        return exchange.answer();
    }

    Router router_;
};

TEST_F(RouterTest, finds_the_handler_by_method_and_pattern) {
    EXPECT_EQ(ask("GET", "/").body, "root");
    EXPECT_EQ(ask("GET", "/webhook/main").body, "verify|main");
    EXPECT_EQ(ask("POST", "/webhook/main").body, "receive|main");
    EXPECT_EQ(ask("DELETE", "/api/a/7/keys/k1").body, "key|7|k1");
}

TEST_F(RouterTest, decodes_arguments_and_lets_no_encoded_slash_split_them) {
    EXPECT_EQ(ask("GET", "/webhook/a%20b%2Fc").body, "verify|a b/c");
}

TEST_F(RouterTest, gives_the_whole_rest_to_the_last_segment) {
    EXPECT_EQ(ask("GET", "/files/a/b/c.js").body, "files|a/b/c.js");
    EXPECT_EQ(ask("GET", "/files/").body, "files|");
}

TEST_F(RouterTest, answers_head_as_get) {
    EXPECT_EQ(ask("HEAD", "/webhook/main").body, "verify|main");
}

TEST_F(RouterTest, tells_an_unknown_path_from_a_wrong_method) {
    for (const auto* path : {"/nothing", "/webhook", "/webhook/", "/webhook/a/b", "/webhook/a/", "/files"}) {
        const auto response = ask("GET", path);
        EXPECT_EQ(response.status, 404) << path;
        EXPECT_EQ(response.content_type, "application/problem+json");
    }
    const auto response = ask("PUT", "/webhook/main");
    EXPECT_EQ(response.status, 405);
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0], std::make_pair(std::string("Allow"), std::string("GET, POST, HEAD")));
}

TEST_F(RouterTest, lists_its_routes) {
    ASSERT_EQ(router_.routes().size(), 5U);
    EXPECT_EQ(router_.routes()[2].method, "POST");
    EXPECT_EQ(router_.routes()[2].pattern, "/webhook/{deployment}");
}

TEST(Problem, is_a_problem_document_with_escaped_text) {
    const auto response = problem(400, "Bad \"Request\"", "line\nbreak");
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(response.body,
              R"({"type":"about:blank","title":"Bad \"Request\"","status":400,"detail":"line\nbreak"})");
}

TEST(Responder, answers_500_when_it_is_dropped) {
    FakeExchange exchange;
    { const auto dropped = exchange.responder(); }
    EXPECT_EQ(exchange.answer().status, 500);
}

TEST(Responder, answers_500_for_the_request_whose_place_is_taken) {
    FakeExchange first, second;
    auto respond = first.responder();
    respond = second.responder();
    EXPECT_EQ(first.answer().status, 500);
    respond(HttpResponse::text(200, "second"));
    EXPECT_EQ(second.answer().body, "second");
}

TEST(Responder, answers_only_once) {
    FakeExchange exchange;
    auto respond = exchange.responder();
    respond(HttpResponse::text(200, "first"));
    respond(HttpResponse::text(200, "second"));
    EXPECT_EQ(exchange.answer().body, "first");
}

}  // namespace
}  // namespace parley
