#include "admin/agent_api.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

class AgentApiTest : public testing::Test {
  protected:
    AgentApiTest() { api_.add_routes(router_); }

    HttpResponse reload(const std::string& body, const std::string& key = "right") {
        FakeRequest request;
        request.where = "/api/deployments/shop/reload";
        request.content = body;
        request.headers = {{"X-API-Key", key}};
        FakeExchange exchange;
        router_.handle(request, exchange.responder());
        return exchange.answer();
    }

    std::vector<std::string> asked_;
    Result<AgentSwap> result_ = AgentSwap{{"echo", "1.0.0", "Repeats", "/a/echo.so", "", "5ad1"},
                                          {"echo", "1.1.0", "Repeats", "/a/echo.so", "", "5ad2"}};
    ApiGate gate_{{{{"api_key", Secret{"right"}, {ApiScope::admin}}}, false}};
    Router router_;
    AgentApi api_{[this](const DeploymentId& id, SwapTo to) {
                      asked_.push_back(id.str() + (to == SwapTo::previous   ? " previous"
                                                   : to == SwapTo::promoted ? " promote"
                                                                            : ""));
                      return result_;
                  },
                  gate_, workers_};
    WorkerPool workers_{1, 16};  // last: it runs out before the rest goes
};

TEST_F(AgentApiTest, replaces_an_agent_and_tells_both_versions) {
    const HttpResponse response = reload("");
    EXPECT_EQ(response.status, 200);
    const auto body = nlohmann::json::parse(response.body);
    EXPECT_EQ(body["deployment"], "shop");
    EXPECT_EQ(body["before"]["version"], "1.0.0");
    EXPECT_EQ(body["now"]["version"], "1.1.0");
    EXPECT_EQ(body["now"]["sha256"], "5ad2");
    EXPECT_EQ(reload("{}").status, 200);
    EXPECT_EQ(reload(R"({"to":"previous"})").status, 200);
    EXPECT_EQ(reload(R"({"to":"promote"})").status, 200);
    EXPECT_EQ(asked_, (std::vector<std::string>{"shop", "shop", "shop previous", "shop promote"}));
}

TEST_F(AgentApiTest, refuses_what_it_does_not_know) {
    for (const char* body : {"[]", "nonsense", R"({"to":"next"})", R"({"to":"previous","now":true})"})
        EXPECT_EQ(reload(body).status, 400) << body;
    EXPECT_EQ(reload("", "wrong").status, 401);
    EXPECT_TRUE(asked_.empty());
}

TEST_F(AgentApiTest, says_why_the_agent_was_not_replaced) {
    result_ = Error(Errc::not_found, "there is no deployment of this name");
    EXPECT_EQ(reload("").status, 404);
    result_ = Error(Errc::conflict, "the engine is draining");
    EXPECT_EQ(reload("").status, 409);
    result_ = Error(Errc::invalid_input, "agent echo: delay_ms: expected a number");
    const HttpResponse response = reload("");
    EXPECT_EQ(response.status, 422);
    EXPECT_NE(response.body.find("delay_ms"), std::string::npos);
    EXPECT_NE(response.body.find("the agent that ran answers on"), std::string::npos);
}

}  // namespace
}  // namespace parley
