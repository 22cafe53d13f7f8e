// The client and TLS peers: nghttpd, which speaks HTTP/2 and nothing else, with a certificate made for the test.
#include <future>

#include <gtest/gtest.h>

#include "fakes/temp_folder.hpp"
#include "net/certificate_expiry.hpp"
#include "net/curl_client.hpp"
#include "scenario/ports.hpp"
#include "scenario/process.hpp"

namespace parley {
namespace {

using scenario::Process;

class CurlTls : public testing::Test {
  protected:
    void SetUp() override {
        Process openssl(
            {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
             file("key"), "-out", file("certificate")},
            {});
        ASSERT_EQ(openssl.wait().code, 0);
        std::ofstream(file("hello")) << "hello over TLS";
        const std::string port = port_.address().substr(port_.address().find(':') + 1);
        server_.emplace(std::vector<std::string>{"/usr/sbin/nghttpd", "-a", "127.0.0.1", "-d", folder_.path(),
                                                 port, file("key"), file("certificate")},
                        Process::Streams{});
        by_name_ = "https://localhost:" + port + "/hello";
        by_address_ = "https://127.0.0.1:" + port + "/hello";
    }

    std::string file(const char* name) const { return (folder_.path() / name).string(); }
    CurlOptions trusting() const { return {.ca_file = file("certificate")}; }

    static HttpOutcome ask(CurlClient& client, const std::string& url) {
        HttpCall call;
        call.url = url;
        std::promise<HttpOutcome> answer;
        client.start(std::move(call), [&](HttpOutcome outcome) { answer.set_value(std::move(outcome)); });
        return answer.get_future().get();
    }
    // Asks until the server has started.
    HttpOutcome ask_when_up(CurlClient& client) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (true) {
            HttpOutcome outcome = ask(client, by_name_);
            if (outcome.reply || std::chrono::steady_clock::now() > give_up || server_->end()) return outcome;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    fakes::TempFolder folder_;
    scenario::FreePort port_;
    std::optional<Process> server_;
    std::string by_name_, by_address_;
};

TEST_F(CurlTls, speaks_http_2_where_the_peer_offers_it) {
    CurlClient client(trusting());
    const HttpOutcome outcome = ask_when_up(client);
    ASSERT_TRUE(outcome.reply) << outcome.failure.reason;
    EXPECT_EQ(outcome.reply->status, 200);
    EXPECT_EQ(outcome.reply->body, "hello over TLS");
}

TEST_F(CurlTls, sends_nothing_to_a_peer_whose_certificate_nobody_vouches_for) {
    CurlClient trusted(trusting());
    ASSERT_TRUE(ask_when_up(trusted).reply);
    CurlClient client(CurlOptions{});
    const HttpOutcome outcome = ask(client, by_name_);
    EXPECT_FALSE(outcome.reply);
    EXPECT_EQ(outcome.failure.kind, HttpFailure::Kind::not_sent) << outcome.failure.reason;
}

TEST_F(CurlTls, sends_nothing_to_a_peer_with_the_certificate_of_another_name) {
    CurlClient client(trusting());
    ASSERT_TRUE(ask_when_up(client).reply);
    const HttpOutcome outcome = ask(client, by_address_);
    EXPECT_FALSE(outcome.reply);
    EXPECT_EQ(outcome.failure.kind, HttpFailure::Kind::not_sent) << outcome.failure.reason;
}

TEST_F(CurlTls, tells_when_a_trusted_certificate_ends) {
    CurlClient client(trusting());
    ASSERT_TRUE(ask_when_up(client).reply);
    const auto ends = certificate_expiry(by_name_, Millis{10'000}, file("certificate"));
    ASSERT_TRUE(ends) << ends.error().message();
    const auto left = *ends - SystemClock().wall();
    EXPECT_GT(left, std::chrono::hours(47));
    EXPECT_LT(left, std::chrono::hours(49));
    EXPECT_EQ(certificate_expiry(by_name_, Millis{10'000}).error().code(), Errc::unavailable);
    EXPECT_EQ(certificate_expiry(by_address_, Millis{10'000}, file("certificate")).error().code(),
              Errc::unavailable);
    EXPECT_EQ(certificate_expiry("http://localhost/", Millis{10'000}).error().code(), Errc::invalid_input);
}

}  // namespace
}  // namespace parley
