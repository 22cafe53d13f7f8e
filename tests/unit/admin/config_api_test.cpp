#include "admin/config_api.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

using Json = nlohmann::json;

class ConfigApiTest : public testing::Test {
  protected:
    ConfigApiTest() { api_.add_routes(router_); }

    HttpResponse reload(const std::string& key = "right") {
        FakeRequest request;
        request.where = "/api/config/reload";
        request.headers = {{"X-API-Key", key}};
        FakeExchange exchange;
        router_.handle(request, exchange.responder());
        return exchange.answer();
    }

    ReloadReport report_;
    int reloads_ = 0;
    bool throws_ = false;
    ApiGate gate_{{{{"api_key", Secret{"right"}, {ApiScope::admin}}}, false}};
    Router router_;
    ConfigApi api_{[this] {
                       ++reloads_;
                       if (throws_) throw std::runtime_error("a mistake of ours");
                       return report_;
                   },
                   gate_, workers_};
    WorkerPool workers_{1, 16};  // last: it runs out before the rest goes
};

TEST_F(ConfigApiTest, tells_what_was_applied_and_what_was_left) {
    report_.applied = {"log.level"};
    report_.left = {{"server.listen", "takes effect at the next start"}};
    const HttpResponse response = reload();
    EXPECT_EQ(response.status, 200);
    const Json body = Json::parse(response.body);
    EXPECT_EQ(body["status"], "reloaded");
    EXPECT_EQ(body["applied"], Json::array({"log.level"}));
    EXPECT_EQ(body["left"][0]["key"], "server.listen");
}

TEST_F(ConfigApiTest, says_so_when_nothing_has_changed) {
    EXPECT_EQ(Json::parse(reload().body)["status"], "unchanged");
}

TEST_F(ConfigApiTest, is_422_with_every_mistake_of_the_file) {
    report_.errors = {{"c.yaml", 3, 7, "server.listen", "expected …", "write …"}};
    const HttpResponse response = reload();
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const Json body = Json::parse(response.body);
    EXPECT_EQ(body["errors"][0]["line"], 3);
    EXPECT_EQ(body["errors"][0]["key"], "server.listen");
}

TEST_F(ConfigApiTest, is_409_when_there_is_nothing_to_read) {
    report_.refused = "the engine is draining";
    EXPECT_EQ(reload().status, 409);
}

TEST_F(ConfigApiTest, is_behind_the_gate) {
    EXPECT_EQ(reload("wrong").status, 401);
    EXPECT_EQ(reloads_, 0);
}

TEST_F(ConfigApiTest, answers_500_for_a_fault) {
    throws_ = true;
    EXPECT_EQ(reload().status, 500);
}

}  // namespace
}  // namespace parley
