#include "host/worker_messages.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

FinishMessage finish() {
    FinishMessage message;
    message.ok = message.has_state = true;
    message.error = "e";
    message.state_json = R"({"a":1})";
    message.replies = {"one", "two"};
    message.annotations = {{"intent", "GREETING"}};
    message.followups = {{{"nudge", "{}"}, {1'790'000'000'000, 3}}};
    return message;
}

TEST(WorkerMessages, come_back_as_they_were) {
    const Frame frame = to_frame(FrameType::finish, 5, finish());
    const auto read = read_message<FinishMessage>(frame.payload);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->ok && read->has_state);
    EXPECT_EQ(read->error, "e");
    EXPECT_EQ(read->state_json, R"({"a":1})");
    EXPECT_EQ(read->replies, finish().replies);
    EXPECT_EQ(read->annotations, finish().annotations);
    EXPECT_EQ(read->followups, finish().followups);
}

template <class Message>
void expect_whole_only(const Message& message) {
    const std::string payload = to_frame(FrameType::finish, 1, message).payload;
    EXPECT_TRUE(read_message<Message>(payload));
    for (std::size_t size = 0; size < payload.size(); ++size)
        EXPECT_FALSE(read_message<Message>(std::string_view(payload).substr(0, size))) << size;
    EXPECT_FALSE(read_message<Message>(payload + "x"));
}

TEST(WorkerMessages, are_refused_when_a_byte_is_missing_or_too_many) {
    LoadMessage load;
    load.agent = "echo";
    EventMessage event;
    event.text = "hello";
    CallMessage call;
    call.texts = {"a", "b"};
    call.numbers = {1, 2, 3};
    expect_whole_only(load);
    expect_whole_only(ReadyMessage{});
    expect_whole_only(RefusedMessage{true, "why"});
    expect_whole_only(event);
    expect_whole_only(finish());
    expect_whole_only(call);
    expect_whole_only(AnswerMessage{-1, "data"});
    expect_whole_only(ResultMessage{0, 200, "{}", "body"});
    expect_whole_only(LogMessage{3, "text", "{}"});
}

// Every byte in turn gets every kind of wrong value: lengths and counts that lead out of the payload above all.
TEST(WorkerMessages, with_any_byte_changed_are_read_within_their_payload_or_refused) {
    const std::string sound = to_frame(FrameType::finish, 1, finish()).payload;
    const auto is_inside = [](const std::string& all, std::string_view part) {
        return part.empty() ||
               (part.data() >= all.data() && part.data() + part.size() <= all.data() + all.size());
    };
    std::size_t refused = 0;
    for (std::size_t at = 0; at < sound.size(); ++at) {
        for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
            std::string changed = sound;
            changed[at] = static_cast<char>(value);
            const auto read = read_message<FinishMessage>(changed);
            refused += read ? 0 : 1;
            if (!read) continue;
            EXPECT_TRUE(is_inside(changed, read->error) && is_inside(changed, read->state_json));
            for (const std::string_view reply : read->replies) EXPECT_TRUE(is_inside(changed, reply));
        }
    }
    EXPECT_GT(refused, 50U);
}

TEST(WorkerMessages, take_no_more_items_than_a_list_may_have) {
    CallMessage call;
    call.numbers.resize(PayloadReader::max_items);
    EXPECT_TRUE(read_message<CallMessage>(to_frame(FrameType::call, 1, call).payload));
    call.numbers.resize(PayloadReader::max_items + 1);
    EXPECT_FALSE(read_message<CallMessage>(to_frame(FrameType::call, 1, call).payload));
}

}  // namespace
}  // namespace parley
