#include "movers_fixture.hpp"

namespace parley {
namespace {

using fakes::Movers;
using Dispatching = Movers;

std::vector<std::string> texts_of(const std::vector<TurnPtr>& turns) {
    std::vector<std::string> texts;
    for (const TurnPtr& turn : turns) texts.push_back(turn->event().message.text);
    return texts;
}

TEST_F(Dispatching, gives_the_messages_of_one_conversation_one_after_another) {
    arrive("91", "m1", "one");
    arrive("91", "m2", "two");
    EXPECT_EQ(texts_of(agent->turns()), (std::vector<std::string>{"one"}));
    agent->answer("1");
    EXPECT_EQ(texts_of(agent->turns()), (std::vector<std::string>{"one", "two"}));
    agent->answer("2");
    EXPECT_EQ(dispatcher.size(), 0U);
}

TEST_F(Dispatching, lets_no_conversation_wait_for_another) {
    arrive("91", "m1");
    arrive("92", "m2");
    EXPECT_EQ(agent->turns().size(), 2U);
}

TEST_F(Dispatching, gives_an_agent_no_more_turns_than_it_can_have_open) {
    for (int i = 0; i < 7; ++i) arrive(std::to_string(i), "m" + std::to_string(i), std::to_string(i));
    arrive("0", "m7", "0 again");
    EXPECT_EQ(agent->turns().size(), max_turns);
    advance(Millis{15'000});
    agent->turns()[0]->finish(true, "");
    EXPECT_EQ(texts_of(agent->turns()), (std::vector<std::string>{"0", "1", "2", "3", "4"}));
    EXPECT_EQ(agent->turns().back()->deadline(), clock.mono() + Millis{20'000});
    advance(Millis{5'000});  // the deadline of the first four
    EXPECT_EQ(texts_of(agent->turns()),
              (std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "0 again"}));
    EXPECT_EQ(dispatcher.open_turns(), max_turns);
    for (const TurnPtr& turn : agent->turns()) turn->finish(true, "");
    EXPECT_EQ(dispatcher.size(), 0U);
}

TEST_F(Dispatching, keeps_to_that_after_the_store_was_away) {
    for (int i = 0; i < 4; ++i) arrive(std::to_string(i), "m" + std::to_string(i), std::to_string(i));
    for (int i = 4; i < 12; ++i) arrive(std::to_string(i), "m" + std::to_string(i), std::to_string(i));
    store.set_writable(false);
    agent->turns()[0]->finish(true, "");
    store.set_writable(true);
    for (std::size_t done = 1; done < 12; ++done) {
        advance(Millis{200});
        EXPECT_EQ(dispatcher.open_turns(), std::min(max_turns, 12 - done));
        ASSERT_GT(agent->turns().size(), done);
        agent->turns()[done]->finish(true, "");
    }
    EXPECT_EQ(agent->turns().size(), 12U);
    EXPECT_EQ(dispatcher.size(), 0U);
}

TEST_F(Dispatching, lets_no_deployment_wait_for_the_agent_of_another) {
    Deployment other = current();
    other.id = DeploymentId("desk");
    other.channel = PhoneNumberId("222");
    accounts.replace({current(), other});
    const auto second = std::make_shared<fakes::FakeAgent>();
    dispatcher.set_agent(DeploymentId("desk"), second, 1);
    for (int i = 0; i < 7; ++i) arrive(std::to_string(i), "m" + std::to_string(i));
    QueuedMessage message = stored("90", "m90");
    message.deployment = accounts.by_channel(PhoneNumberId("222"));
    submit(std::move(message));
    EXPECT_EQ(agent->turns().size(), max_turns);
    EXPECT_EQ(second->turns().size(), 1U);
}

TEST_F(Dispatching, lets_a_conversation_wait_for_a_postponed_turn_and_nobody_else) {
    for (int i = 0; i < 6; ++i) arrive(std::to_string(i), "m" + std::to_string(i), std::to_string(i));
    arrive("0", "m0b", "0 again");
    const TurnPtr turn = agent->turns()[0];
    turn->reply_text("not now");
    EXPECT_EQ(turn->postpone(Millis{5'000}), Staged::ok);
    turn->finish(true, "");
    EXPECT_EQ(agent->turns().back()->event().message.text, "4") << "its place is free";
    EXPECT_EQ(store.tables().items.at(turn->event().seq).state, InboundState::stored);
    EXPECT_EQ(dispatcher.size(), 7U);
    EXPECT_EQ(dispatcher.pressing(), 5U);
    arrive("0", "m0c", "0 a third time");
    EXPECT_EQ(dispatcher.pressing(), 5U);
    agent->turns()[1]->finish(true, "");
    agent->turns()[2]->finish(true, "");
    const std::size_t before = agent->turns().size();
    advance(Millis{4'999});
    EXPECT_EQ(agent->turns().size(), before);
    advance(Millis{1});
    ASSERT_EQ(agent->turns().size(), before + 1);
    const TurnPtr again = agent->turns().back();
    EXPECT_EQ(again->event().seq, turn->event().seq);
    EXPECT_EQ(again->deadline(), clock.mono() + Millis{20'000});
    again->finish(true, "");
    EXPECT_EQ(agent->turns().back()->event().message.text, "0 again");
    EXPECT_EQ(dispatcher.pressing(), dispatcher.size());
    EXPECT_TRUE(store.tables().outbound.empty()) << "what a postponed turn staged does not count";
}

TEST_F(Dispatching, shows_that_a_message_is_read_only_once) {
    Deployment deployment = current();
    deployment.presence = {true, true};
    use(deployment);
    arrive("91", "m1");
    for (int i = 0; i < 3; ++i) {
        const TurnPtr turn = agent->turns().back();
        turn->postpone(Millis{100});
        turn->finish(true, "");
        advance(Millis{100});
    }
    EXPECT_EQ(agent->turns().size(), 4U);
    EXPECT_EQ(sender.presence().size(), 1U);
}

TEST_F(Dispatching, fails_a_turn_that_was_postponed_and_then_failed) {
    arrive("91", "m1");
    agent->turns().back()->postpone(Millis{100});
    agent->turns().back()->finish(false, "given up");
    EXPECT_EQ(dispatcher.size(), 0U);
    EXPECT_EQ(store.tables().letters.size(), 1U);
    EXPECT_EQ(sender.bodies().size(), 1U) << "the fallback";
}

TEST_F(Dispatching, refuses_to_postpone_for_more_than_an_hour) {
    arrive("91", "m1");
    EXPECT_EQ(agent->turns().back()->postpone(Millis{3'600'001}), Staged::limit);
    EXPECT_EQ(agent->turns().back()->postpone(Millis{3'600'000}), Staged::ok);
}

TEST_F(Dispatching, begins_the_next_turn_only_when_the_one_before_is_durable) {
    arrive("91", "m1");
    arrive("91", "m2");
    store.hold_completions();
    agent->answer("1");
    EXPECT_EQ(agent->turns().size(), 1U);
    store.run();
    EXPECT_EQ(agent->turns().size(), 2U);
}

TEST_F(Dispatching, hands_the_state_of_one_turn_to_the_next) {
    arrive("91", "m1");
    arrive("91", "m2");
    agent->turns().back()->put_state(R"({"n":1})");
    agent->answer("1");
    const ConversationState& seen = agent->turns().back()->event().state;
    EXPECT_EQ(seen.json, R"({"n":1})");
    EXPECT_EQ(seen.revision, 1U);
    EXPECT_EQ(seen.schema, 7U);
}

TEST_F(Dispatching, prefers_a_newer_state_to_the_snapshot_of_a_reader) {
    const Dispatcher::ReadGuard guard(dispatcher);
    QueuedMessage read_before = stored("91", "m2");
    arrive("91", "m1");
    agent->turns().back()->put_state(R"({"n":1})");
    agent->answer("1");
    submit(std::move(read_before));
    EXPECT_EQ(agent->turns().back()->event().state.revision, 1U);
}

TEST_F(Dispatching, sends_what_a_turn_committed_in_order) {
    arrive("91", "m1");
    const TurnPtr turn = agent->turns().back();
    turn->reply_text("a");
    turn->reply_text("b");
    turn->annotate("intent", "GREETING");
    turn->finish(true, "");
    ASSERT_EQ(sender.open(), 1U);
    sender.answer();
    sender.answer();
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{R"({"type":"text","text":{"body":"a"}})",
                                                         R"({"type":"text","text":{"body":"b"}})"}));
    EXPECT_EQ(store.tables().items.begin()->second.annotations, (Annotations{{"intent", "GREETING"}}));
}

TEST_F(Dispatching, commits_the_fallback_and_a_dead_letter_when_the_agent_fails) {
    arrive("91", "m1");
    agent->turns().back()->reply_text("half an answer");
    agent->turns().back()->finish(false, "no database");
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{R"({"type":"text","text":{"body":"Sorry."}})"}));
    ASSERT_EQ(store.tables().letters.size(), 1U);
    EXPECT_EQ(store.tables().letters[0].letter.detail, "no database");
    EXPECT_EQ(store.tables().items.begin()->second.state, InboundState::dead);
}

TEST_F(Dispatching, sends_nothing_of_a_turn_with_a_reply_that_cannot_be_sent) {
    arrive("91", "m1");
    const TurnPtr turn = agent->turns().back();
    turn->reply("fit");
    turn->reply("unfit");
    turn->put_state(R"({"told":true})");
    turn->finish(true, "");
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{R"({"type":"text","text":{"body":"Sorry."}})"}));
    ASSERT_EQ(store.tables().letters.size(), 1U);
    EXPECT_EQ(store.tables().letters[0].letter.detail, "reply 2: text.body: is empty");
    EXPECT_EQ(store.tables().states.begin()->second.revision, 0U);
}

TEST_F(Dispatching, sends_no_fallback_to_who_expects_no_answer) {
    QueuedMessage reaction = stored("91", "m1", "");
    reaction.message.type = "reaction";
    reaction.message.is_note = true;
    submit(std::move(reaction));
    agent->turns().back()->finish(false, "no database");
    EXPECT_TRUE(sender.bodies().empty());
    EXPECT_EQ(store.tables().letters.size(), 1U);
}

TEST_F(Dispatching, gives_the_next_turns_to_the_agent_that_replaced_another) {
    arrive("91", "m1");
    arrive("91", "m2");
    const auto second = std::make_shared<fakes::FakeAgent>();
    dispatcher.set_agent(DeploymentId("shop"), second, 8, Millis{5'000});
    arrive("92", "m3");
    ASSERT_EQ(second->turns().size(), 1U);
    agent->turns()[0]->put_state(R"({"by":"the old one"})");
    agent->answer("one");
    ASSERT_EQ(second->turns().size(), 2U);
    EXPECT_EQ(second->turns()[1]->event().message.id.str(), "m2");
    EXPECT_EQ(second->turns()[1]->event().state.schema, 7U);
    second->turns()[1]->put_state("{}");
    second->turns()[1]->finish(true, "");
    arrive("91", "m4");
    EXPECT_EQ(second->turns().back()->event().state.schema, 8U);
    EXPECT_EQ(agent->turns().size(), 1U);
    EXPECT_TRUE(agent->cancelled().empty());
}

TEST_F(Dispatching, gives_a_turn_that_does_not_end_to_the_agent_that_replaced_its_own) {
    arrive("91", "m1");
    arrive("91", "m2");
    const TurnPtr slow = agent->turns().back();
    slow->reply("half an answer");
    const auto second = std::make_shared<fakes::FakeAgent>();
    dispatcher.set_agent(DeploymentId("shop"), second, 8, Millis{5'000});
    advance(Millis{4'999});
    EXPECT_TRUE(second->turns().empty());
    EXPECT_LE(wakeup.earliest(), clock.mono() + Millis{1});
    advance(Millis{1});
    EXPECT_EQ(agent->cancelled(), (std::vector<std::string>{"m1: the agent was replaced"}));
    EXPECT_EQ(slow->reply("too late"), Staged::stale);
    ASSERT_EQ(second->turns().size(), 1U);
    EXPECT_EQ(second->turns()[0]->event().message.id.str(), "m1");
    EXPECT_EQ(second->turns()[0]->event().attempt, 0U);
    EXPECT_EQ(second->turns()[0]->deadline(), clock.mono() + Millis{20'000});
    advance(Millis{19'999});
    second->answer("one");
    second->answer("two");
    sender.answer();
    EXPECT_EQ(sender.bodies().size(), 2U);
    EXPECT_TRUE(store.tables().letters.empty());
    EXPECT_EQ(dispatcher.size(), 0U);
}

TEST_F(Dispatching, lets_a_replaced_agent_go_when_its_last_turn_has_ended) {
    arrive("91", "m1");
    const TurnPtr turn = agent->turns().back();
    const std::weak_ptr<fakes::FakeAgent> old = agent;
    dispatcher.set_agent(DeploymentId("shop"), std::make_shared<fakes::FakeAgent>(), 8, Millis{5'000});
    agent = nullptr;
    EXPECT_FALSE(old.expired());
    turn->finish(true, "");
    EXPECT_TRUE(old.expired());
    advance(Millis{10'000});
    EXPECT_EQ(dispatcher.size(), 0U);
}

TEST_F(Dispatching, marks_no_status_as_read) {
    Deployment deployment = current();
    deployment.presence = {true, true};
    use(std::move(deployment));
    QueuedMessage status = stored("91", "m1", "");
    status.message.kind = EventKind::status;
    submit(std::move(status));
    EXPECT_EQ(agent->turns().size(), 1U);
    EXPECT_TRUE(sender.presence().empty());
}

TEST_F(Dispatching, fails_a_turn_that_replies_to_nobody) {
    QueuedMessage event = stored("91", "m1", "");
    event.message.kind = EventKind::system;
    event.message.from = {};
    event.message.is_note = true;
    submit(std::move(event));
    agent->turns().back()->reply("hello");
    agent->turns().back()->finish(true, "");
    EXPECT_TRUE(sender.bodies().empty());
    ASSERT_EQ(store.tables().letters.size(), 1U);
    EXPECT_EQ(store.tables().letters[0].letter.detail, "there is nobody to reply to");
}

TEST_F(Dispatching, takes_a_turn_away_at_its_deadline) {
    arrive("91", "m1");
    arrive("91", "m2");
    const TurnPtr late = agent->turns().back();
    advance(Millis{19'999});
    EXPECT_TRUE(agent->cancelled().empty());
    advance(Millis{1});
    EXPECT_EQ(agent->cancelled(), (std::vector<std::string>{"m1: deadline"}));
    EXPECT_EQ(late->reply_text("too late"), Staged::stale);
    EXPECT_EQ(late->finish(true, ""), Staged::stale);
    EXPECT_EQ(store.tables().letters.at(0).letter.detail, "the agent did not answer within 20 s");
    EXPECT_EQ(agent->turns().size(), 2U);
}

TEST_F(Dispatching, grants_an_extended_deadline) {
    arrive("91", "m1");
    const TurnPtr turn = agent->turns().back();
    EXPECT_EQ(turn->extend(turn->deadline() + Millis{5'000}), Staged::ok);
    EXPECT_EQ(turn->extend(turn->deadline() + Millis{60'000}), Staged::limit);
    advance(Millis{20'000});
    EXPECT_TRUE(turn->is_open());
    advance(Millis{5'000});
    EXPECT_FALSE(turn->is_open());
}

TEST_F(Dispatching, sets_a_message_aside_whose_agent_crashed_too_often) {
    QueuedMessage message = stored("91", "m1");
    message.attempt = 2;
    submit(std::move(message));
    EXPECT_TRUE(agent->turns().empty());
    EXPECT_EQ(store.tables().letters.at(0).letter.detail, "the agent crashed 2 times on this message");
}

TEST_F(Dispatching, begins_a_turn_again_when_the_agents_process_ended_in_it_as_often_as_attempts_allow) {
    arrive("91", "m1");
    arrive("91", "m2");
    advance(Millis{15'000});
    EXPECT_EQ(agent->turns().back()->give_back(true), Staged::ok);
    ASSERT_EQ(agent->turns().size(), 2U);
    const TurnPtr again = agent->turns().back();
    EXPECT_EQ(again->event().message.id.str(), "m1");
    EXPECT_EQ(again->event().attempt, 1U);
    EXPECT_EQ(again->deadline(), clock.mono() + Millis{20'000});
    EXPECT_TRUE(store.tables().letters.empty());
    again->give_back(true);
    ASSERT_EQ(store.tables().letters.size(), 1U);
    EXPECT_EQ(store.tables().letters.at(0).letter.detail, "the agent crashed 2 times on this message");
    EXPECT_EQ(agent->turns().back()->event().message.id.str(), "m2");
    EXPECT_EQ(agent->turns().back()->event().attempt, 0U);
}

TEST_F(Dispatching, begins_a_turn_again_without_counting_when_it_was_lost_beside_another) {
    arrive("91", "m1");
    for (int i = 0; i < 5; ++i) {
        agent->turns().back()->reply_text("lost with its process");
        agent->turns().back()->give_back(false);
    }
    EXPECT_EQ(agent->turns().size(), 6U);
    EXPECT_EQ(agent->turns().back()->event().attempt, 0U);
    EXPECT_EQ(dispatcher.open_turns(), 1U);
    agent->answer("1");
    EXPECT_EQ(dispatcher.size(), 0U);
    EXPECT_EQ(store.tables().outbound.size(), 1U);
}

TEST_F(Dispatching, leaves_a_turn_alone_that_was_taken_away_before_its_process_ended) {
    arrive("91", "m1");
    const TurnPtr late = agent->turns().back();
    advance(Millis{20'000});
    EXPECT_EQ(late->give_back(true), Staged::stale);
    EXPECT_EQ(agent->turns().size(), 1U);
    EXPECT_EQ(store.tables().letters.size(), 1U);
}

TEST_F(Dispatching, begins_no_turn_while_the_store_refuses_writes) {
    store.set_writable(false);
    QueuedMessage message;
    message.deployment = accounts.all().front();
    message.conversation = ConversationId{1};
    submit(std::move(message));
    EXPECT_TRUE(agent->turns().empty());
    store.set_writable(true);
    advance(Millis{200});
    EXPECT_EQ(agent->turns().size(), 1U);
}

TEST_F(Dispatching, tells_who_waits_how_the_turn_ended) {
    QueuedMessage message = stored("91", "m1");
    const ItemSeq seq = message.seq;
    std::vector<std::string> heard;
    message.watcher = [&heard](const TurnSummary& s) { heard.push_back(s.replies.at(0).payload_json); };
    submit(std::move(message));
    TurnWatcher second = [&heard](const TurnSummary&) { heard.push_back("second"); };
    EXPECT_TRUE(dispatcher.watch(seq, second));
    agent->answer("1");
    EXPECT_EQ(heard, (std::vector<std::string>{R"({"type":"text","text":{"body":"1"}})", "second"}));
    TurnWatcher third = [](const TurnSummary&) {};
    EXPECT_FALSE(dispatcher.watch(seq, third));
}

TEST_F(Dispatching, shows_presence_when_a_turn_begins_and_the_deployment_asks) {
    Deployment deployment = current();
    deployment.presence = {true, true};
    use(std::move(deployment));
    arrive("91", "m1");
    EXPECT_EQ(sender.presence(), (std::vector<std::string>{"m1 typing"}));
}

TEST_F(Dispatching, begins_nothing_new_once_it_drains) {
    arrive("91", "m1");
    arrive("91", "m2");
    dispatcher.stop_starting();
    agent->answer("1");
    EXPECT_EQ(agent->turns().size(), 1U);
    EXPECT_EQ(dispatcher.open_turns(), 0U);
    EXPECT_EQ(dispatcher.size(), 1U);
}

}  // namespace
}  // namespace parley
