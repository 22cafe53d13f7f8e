#include "net/request_ids.hpp"

#include <set>

#include <gtest/gtest.h>

#include "fakes/fake_exchange.hpp"
#include "fakes/fake_random.hpp"
#include "net/router.hpp"

namespace parley {
namespace {

class RequestIdsTest : public testing::Test {
  protected:
    std::string id_of(const std::string& given, const std::string& peer = "10.0.0.1") {
        FakeRequest request;
        request.address = peer;
        if (!given.empty()) request.headers = {{"x-request-id", given}};
        std::string id = "the last one's";
        ids.name(request, id);
        return id;
    }
    void trust(const std::string& network) { ids.trust(*Networks::parse({network})); }

    FakeRandom random;
    RequestIds ids{&random};
};

TEST_F(RequestIdsTest, are_made_and_never_twice_the_same) {
    std::set<std::string> made;
    for (int i = 0; i < 1000; ++i) made.insert(id_of(""));
    EXPECT_EQ(made.size(), 1000U);
    RequestIds other(&random);  // of another start
    FakeRequest request;
    std::string id;
    other.name(request, id);
    EXPECT_FALSE(made.contains(id));
}

TEST_F(RequestIdsTest, are_a_trusted_proxys_when_they_are_sane) {
    trust("10.0.0.0/8");
    const std::string longest(64, 'x');
    for (const std::string& sane : {std::string("a"), std::string("7.A_b-c"), longest})
        EXPECT_EQ(id_of(sane), sane);
}

TEST_F(RequestIdsTest, are_made_when_what_a_proxy_gives_is_not_sane) {
    trust("10.0.0.0/8");
    for (const std::string& insane :
         {std::string(65, 'x'), std::string("a b"), std::string("a\"b"), std::string("a\nb"),
          std::string("caf\xc3\xa9"), std::string("a=b"), std::string("\0", 1)}) {
        const std::string id = id_of(insane);
        EXPECT_NE(id, insane);
        EXPECT_FALSE(id.empty());
    }
}

TEST_F(RequestIdsTest, are_nobody_elses_to_say) {
    EXPECT_NE(id_of("mine"), "mine");
    trust("10.0.0.0/8");
    EXPECT_NE(id_of("mine", "192.0.2.1"), "mine");
    EXPECT_EQ(id_of("mine", "10.1.1.1"), "mine");
    ids.trust({});
    EXPECT_NE(id_of("mine", "10.1.1.1"), "mine");
}

TEST_F(RequestIdsTest, are_none_without_randomness) {
    RequestIds none(nullptr);
    FakeRequest request;
    request.headers = {{"X-Request-Id", "mine"}};
    std::string id = "the last one's";
    none.name(request, id);
    EXPECT_EQ(id, "");
    none.make(id);
    EXPECT_EQ(id, "");
}

TEST(RequestIdOfAProblem, is_a_member_of_its_json) {
    HttpResponse answer = problem(404, "Not Found", "nothing");
    add_request_id(answer, "abc-1");
    EXPECT_TRUE(answer.body.ends_with(R"("detail":"nothing","request_id":"abc-1"})")) << answer.body;
    HttpResponse plain = HttpResponse::json(200, "{}");
    add_request_id(plain, "abc-1");
    EXPECT_EQ(plain.body, "{}");
}

}  // namespace
}  // namespace parley
