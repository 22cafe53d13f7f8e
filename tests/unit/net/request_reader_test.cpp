// Requests out of bytes, however they arrive.
#include "net/request_reader.hpp"

#include <cstring>

#include <gtest/gtest.h>

namespace parley {
namespace {

using Step = RequestReader::Step;

class RequestReaderTest : public testing::Test {
  protected:
    void feed(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto space = reader_.space();
            const auto size = std::min(space.size(), bytes.size());
            std::memcpy(space.data(), bytes.data(), size);
            reader_.commit(size);
            bytes.remove_prefix(size);
        }
    }
    Step feed_and_read(std::string_view bytes) {
        feed(bytes);
        return reader_.advance();
    }
    Step feed_bytewise(std::string_view bytes) {
        Step step = Step::more;
        for (std::size_t i = 0; i < bytes.size() && step == Step::more; ++i)
            step = feed_and_read(bytes.substr(i, 1));
        return step;
    }
    int refused_with(std::string_view bytes) {
        RequestReader reader(64, budget_, "127.0.0.1");
        while (!bytes.empty()) {
            const auto space = reader.space();
            const auto size = std::min(space.size(), bytes.size());
            std::memcpy(space.data(), bytes.data(), size);
            reader.commit(size);
            bytes.remove_prefix(size);
            if (reader.advance() == Step::refused) return reader.take_refusal().status;
        }
        return 0;
    }

    std::shared_ptr<BodyBudget> budget_ = std::make_shared<BodyBudget>(1U << 20);
    RequestReader reader_{256U << 10, budget_, "127.0.0.1"};
};

constexpr std::string_view post =
    "POST /webhook/main?a=1 HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256:  sha256=ab \r\nContent-Length: "
    "5\r\n\r\nhello";

TEST_F(RequestReaderTest, reads_a_request_that_comes_at_once) {
    EXPECT_TRUE(reader_.idle());
    ASSERT_EQ(feed_and_read(post), Step::complete);
    EXPECT_EQ(reader_.method(), "POST");
    EXPECT_EQ(reader_.path(), "/webhook/main");
    EXPECT_EQ(reader_.query(), "a=1");
    EXPECT_EQ(reader_.header("x-hub-signature-256"), "sha256=ab");
    EXPECT_EQ(reader_.header("X-Absent"), "");
    EXPECT_EQ(reader_.body(), "hello");
    EXPECT_EQ(reader_.peer(), "127.0.0.1");
    EXPECT_TRUE(reader_.keep_alive());
}

TEST_F(RequestReaderTest, reads_the_same_request_byte_by_byte) {
    ASSERT_EQ(feed_bytewise(post), Step::complete);
    EXPECT_EQ(reader_.path(), "/webhook/main");
    EXPECT_EQ(reader_.header("Host"), "x");
    EXPECT_EQ(reader_.header("X-Hub-Signature-256"), "sha256=ab");
    EXPECT_EQ(reader_.body(), "hello");
}

TEST_F(RequestReaderTest, keeps_headers_valid_while_a_large_body_makes_the_buffer_grow) {
    const std::string body(200U << 10, 'b');
    ASSERT_EQ(feed_and_read("PUT /x HTTP/1.1\r\nHost: example.org\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n"),
              Step::more);
    EXPECT_TRUE(reader_.in_body());
    Step step = Step::more;
    for (std::size_t at = 0; at < body.size(); at += 1000)
        step = feed_and_read(std::string_view(body).substr(at, 1000));
    ASSERT_EQ(step, Step::complete);
    EXPECT_EQ(reader_.header("host"), "example.org");
    EXPECT_EQ(reader_.body(), body);
    EXPECT_EQ(budget_->used(), body.size());
    reader_.next();
    EXPECT_EQ(budget_->used(), 0U);
}

TEST_F(RequestReaderTest, joins_chunks_and_skips_trailers) {
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;name=value\r\nabc\r\nA\r\n0123456789\r\n0\r\nHost: trailer\r\n\r\n";
    ASSERT_EQ(feed_bytewise(chunked), Step::complete);
    EXPECT_EQ(reader_.body(), "abc0123456789");
    EXPECT_EQ(reader_.header("Host"), "x");
    reader_.next();
    ASSERT_EQ(feed_and_read(chunked + std::string(post)), Step::complete);
    EXPECT_EQ(reader_.body(), "abc0123456789");
    reader_.next();
    ASSERT_EQ(reader_.advance(), Step::complete);
    EXPECT_EQ(reader_.body(), "hello");
}

TEST_F(RequestReaderTest, finds_pipelined_requests_one_after_the_other) {
    feed(std::string(post) + "GET /second HTTP/1.1\r\nHost: x\r\n\r\n" + "\r\nGET /third HTTP/1.0\r\n\r\n");
    ASSERT_EQ(reader_.advance(), Step::complete);
    EXPECT_TRUE(reader_.has_unread());
    reader_.next();
    ASSERT_EQ(reader_.advance(), Step::complete);
    EXPECT_EQ(reader_.path(), "/second");
    EXPECT_EQ(reader_.body(), "");
    EXPECT_EQ(reader_.header("Content-Length"), "");
    reader_.next();
    ASSERT_EQ(reader_.advance(), Step::complete);
    EXPECT_EQ(reader_.path(), "/third");
    EXPECT_FALSE(reader_.keep_alive());
    EXPECT_FALSE(reader_.has_unread());
    reader_.next();
    EXPECT_TRUE(reader_.idle());
}

TEST_F(RequestReaderTest, takes_the_path_out_of_an_absolute_target) {
    ASSERT_EQ(feed_and_read("GET http://example.org/a/b?c HTTP/1.1\r\nHost: x\r\n\r\n"), Step::complete);
    EXPECT_EQ(reader_.path(), "/a/b");
    EXPECT_EQ(reader_.query(), "c");
}

TEST_F(RequestReaderTest, asks_once_for_a_body_that_waits_for_permission) {
    ASSERT_EQ(
        feed_and_read("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
        Step::more);
    EXPECT_TRUE(reader_.take_expectation());
    EXPECT_FALSE(reader_.take_expectation());
    EXPECT_EQ(feed_and_read("ok"), Step::complete);
}

TEST_F(RequestReaderTest, refuses_what_could_be_read_in_two_ways) {
    const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n";
    EXPECT_EQ(refused_with(start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400);
    EXPECT_EQ(refused_with(start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(refused_with(start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"), 400);
    EXPECT_EQ(refused_with(start + "Content-Length: -1\r\n\r\n"), 400);
    EXPECT_EQ(refused_with(start + "Content-Length: 99999999999999999999999\r\n\r\n"), 400);
    EXPECT_EQ(refused_with(start + "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501);
    EXPECT_EQ(refused_with(start + "Transfer-Encoding: chunked, gzip\r\n\r\n"), 501);
    EXPECT_EQ(refused_with(start + "Host: y\r\n\r\n"), 400);
    EXPECT_EQ(refused_with("POST / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(refused_with("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(refused_with(start + "A: b\r\n folded\r\n\r\n"), 400);
    EXPECT_EQ(refused_with(start + "A : b\r\n\r\n"), 400);
    EXPECT_EQ(refused_with(start + "Expect: a-miracle\r\n\r\n"), 417);
}

TEST_F(RequestReaderTest, refuses_what_is_no_http) {
    EXPECT_EQ(refused_with("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n"), 400);
    EXPECT_EQ(refused_with("GET /\r\n\r\n"), 400);
    EXPECT_EQ(refused_with("GET / HTTP/2.0\r\n\r\n"), 505);
    EXPECT_EQ(refused_with(std::string("GET /") + '\0' + " HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
}

TEST_F(RequestReaderTest, bounds_heads_bodies_and_chunks) {
    const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n";
    EXPECT_EQ(refused_with(start + "A: " + std::string(17000, 'a') + "\r\n\r\n"), 431);
    EXPECT_EQ(refused_with("GET /" + std::string(17000, 'a') + " HTTP/1.1\r\n\r\n"), 431);
    std::string many = start;
    for (int i = 0; i < 300; ++i) many += "a: b\r\n";
    EXPECT_EQ(refused_with(many + "\r\n"), 431);
    EXPECT_EQ(refused_with(start + "Content-Length: 65\r\n\r\n"), 413);
    EXPECT_EQ(refused_with(start + "Transfer-Encoding: chunked\r\n\r\n41\r\n"), 413);
    EXPECT_EQ(refused_with(start + "Transfer-Encoding: chunked\r\n\r\n20\r\n" + std::string(32, 'a') +
                           "\r\n21\r\n" + std::string(33, 'a')),
              413);
    EXPECT_EQ(refused_with(start + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400);
    EXPECT_EQ(refused_with(start + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(40000, 'a')), 400);
}

TEST_F(RequestReaderTest, refuses_bodies_beyond_the_common_budget) {
    ASSERT_TRUE(budget_->take((1U << 20) - 3));
    EXPECT_EQ(refused_with("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"), 503);
    EXPECT_EQ(refused_with(
                  "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"),
              503);
    EXPECT_EQ(refused_with("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"), 0);
    EXPECT_EQ(refused_with("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
    budget_->give_back((1U << 20) - 3);
    EXPECT_EQ(budget_->used(), 0U) << "every reader gave back what it took";
}

}  // namespace
}  // namespace parley
