#include "net/cancellable_calls.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_http_client.hpp"

namespace parley {
namespace {

class Calls : public testing::Test {
  protected:
    HttpCallId start(HttpClient& client) {
        return client.start({}, [this](HttpOutcome outcome) { outcomes_.push_back(std::move(outcome)); });
    }

    FakeHttpClient client_;
    CancellableCalls calls_{client_};
    std::vector<HttpOutcome> outcomes_;
};

TEST_F(Calls, pass_answers_on) {
    start(calls_);
    client_.answer(client_.wait_for_call(1)->first, 204, "");
    ASSERT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(outcomes_[0].reply->status, 204);
}

TEST_F(Calls, end_together_and_leave_others_alone) {
    start(client_);
    start(calls_);
    start(calls_);
    calls_.end();
    ASSERT_EQ(outcomes_.size(), 2U);
    EXPECT_EQ(outcomes_[1].failure.kind, HttpFailure::Kind::cancelled);
    EXPECT_EQ(client_.open_calls(), 1U);
    start(calls_);
    ASSERT_EQ(outcomes_.size(), 3U) << "none is started any more";
    EXPECT_EQ(outcomes_[2].failure.kind, HttpFailure::Kind::cancelled);
    EXPECT_FALSE(outcomes_[2].failure.may_have_arrived);
    EXPECT_EQ(client_.started_calls(), 3U);
}

TEST_F(Calls, can_be_cancelled_one_by_one) {
    const HttpCallId first = start(calls_);
    start(calls_);
    calls_.cancel(first);
    calls_.cancel(first);
    calls_.cancel(4711);
    EXPECT_EQ(outcomes_.size(), 1U);
    EXPECT_EQ(client_.open_calls(), 1U);
    calls_.end();
    EXPECT_EQ(outcomes_.size(), 2U);
}

}  // namespace
}  // namespace parley
