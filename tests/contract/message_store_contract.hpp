// What every MessageStore must do, whatever it is made of. A store joins with a Harness and
// INSTANTIATE_TEST_SUITE_P.
#pragma once

#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "contract/store_samples.hpp"

namespace parley::contract {

// Owns one store and can close and open it again with what it holds.
class Harness {
  public:
    virtual ~Harness() = default;
    virtual MessageStore& store() = 0;
    virtual void reopen() = 0;
};

using MakeHarness = std::function<std::unique_ptr<Harness>()>;

class MessageStoreContract : public testing::TestWithParam<MakeHarness> {
  protected:
    void SetUp() override { harness_ = GetParam()(); }
    MessageStore& store() { return harness_->store(); }
    void reopen() { harness_->reopen(); }

    StoredItem add_one(NewItem item) { return add_all({std::move(item)}).front(); }
    std::vector<StoredItem> add_all(std::vector<NewItem> items) {
        const std::size_t count = items.size();
        auto stored = add(store(), post(std::move(items)));
        EXPECT_TRUE(stored) << (stored ? "" : stored.error().message());
        return stored ? *stored : std::vector<StoredItem>(count);
    }
    // One message answered with one reply; returns the reply's id.
    OutboundId answer_with(const std::string& callback) {
        const StoredItem item = add_one(message("wamid." + callback, "911"));
        const auto ids = commit(store(), turn_of(item, {reply(callback)}));
        EXPECT_TRUE(ids);
        return ids && ids->size() == 1 ? ids->front() : OutboundId{};
    }
    std::optional<Applied> apply(const std::string& wamid, const std::string& word,
                                 const std::string& callback) {
        return add_one(status(wamid, word, callback)).applied;
    }
    MessageRecord find(const std::string& id) {
        const auto found = store().find_message(number_a, MessageId(id), t0);
        EXPECT_TRUE(found && *found);
        return found && *found ? **found : MessageRecord{};
    }
    OutboundState state_of(const std::string& message_id) {
        const MessageRecord record = find(message_id);
        EXPECT_EQ(record.replies.size(), 1u);
        return record.replies.empty() ? OutboundState{} : record.replies.front().state;
    }

    std::unique_ptr<Harness> harness_;
};

}  // namespace parley::contract
