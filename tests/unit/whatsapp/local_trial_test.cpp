#include "whatsapp/local_trial.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

FakeRequest local() {
    FakeRequest request;
    request.headers = {{"Host", "localhost:8000"}, {"Content-Type", "application/json; charset=utf-8"}};
    return request;
}

FakeRequest with(const char* name, const char* value) {
    FakeRequest request = local();
    std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
    request.headers.emplace_back(name, value);
    return request;
}

TEST(LocalTrial, is_a_request_from_this_machine_to_this_machine) {
    EXPECT_TRUE(is_local_trial(local()));
    for (const char* host : {"127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST", "127.1.2.3:1"}) {
        EXPECT_TRUE(is_local_trial(with("Host", host))) << host;
    }
    FakeRequest six = local();
    six.address = "::1";
    EXPECT_TRUE(is_local_trial(six));
    six.address = "::ffff:127.0.0.1";
    EXPECT_TRUE(is_local_trial(six));
}

TEST(LocalTrial, is_not_a_request_from_elsewhere) {
    for (const char* peer : {"10.0.0.1", "203.0.113.9", "::2", "", "::ffff:10.0.0.1", "127.evil.example"}) {
        FakeRequest request = local();
        request.address = peer;
        EXPECT_FALSE(is_local_trial(request)) << peer;
    }
}

TEST(LocalTrial, is_not_a_name_that_only_resolves_here) {
    for (const char* host : {"", "parley.example", "localhost.example", "127.0.0.1.example", "127.0.0.",
                             "localhost:80x", "[::1", "[::1]x", "xlocalhost"}) {
        EXPECT_FALSE(is_local_trial(with("Host", host))) << host;
    }
}

TEST(LocalTrial, is_not_what_came_through_a_proxy_or_a_tunnel) {
    for (const char* name : {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via",
                             "x-forwarded-for"}) {
        EXPECT_FALSE(is_local_trial(with(name, "1.1 x"))) << name;
    }
}

TEST(LocalTrial, is_not_somebody_elses_page) {
    EXPECT_FALSE(is_local_trial(with("Origin", "https://evil.example")));
    EXPECT_FALSE(is_local_trial(with("Origin", "http://localhost:3000")));
    EXPECT_FALSE(is_local_trial(with("Origin", "null")));
    EXPECT_TRUE(is_local_trial(with("Origin", "http://localhost:8000")));
    for (const char* type : {"text/plain", "", "application/x-www-form-urlencoded", "application/jsonx"}) {
        EXPECT_FALSE(is_local_trial(with("Content-Type", type))) << type;
    }
}

}  // namespace
}  // namespace parley
