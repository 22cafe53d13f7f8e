#include "store/history_reader.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "base/clock.hpp"
#include "contract/store_samples.hpp"
#include "fakes/temp_folder.hpp"
#include "store/sqlite_store.hpp"

namespace parley {
namespace {

using namespace contract;
using testing::ElementsAre;
namespace fs = std::filesystem;

class HistoryTest : public testing::Test {
  protected:
    void SetUp() override { open(); }
    void open() {
        store_.reset();
        auto opened = open_sqlite_store({.path = (folder_.path() / "parley.db").string()}, clock_);
        ASSERT_TRUE(opened) << opened.error().message();
        store_ = std::move(*opened);
    }
    MessageHistory& history() { return store_->history(); }

    StoredItem arrive(const std::string& id, const std::string& person, int minute,
                      const PhoneNumberId& channel = number_a) {
        return arrive(message(id, person, channel, at(minute)), minute);
    }
    StoredItem arrive(NewItem item, int minute) {
        InboundBatch batch = post({std::move(item)});
        batch.post.received_at = at(minute);
        auto stored = add(*store_, std::move(batch));
        EXPECT_TRUE(stored);
        return stored->front();
    }
    OutboundId answer(const StoredItem& item, const std::string& callback, const std::string& person,
                      int minute) {
        TurnCommit turn = turn_of(item, {reply(callback, person)});
        turn.at = at(minute);
        turn.began_at = at(minute) - Millis{40};
        turn.agent = "echo 1.2.3";
        turn.annotations = {{"intent", "GREETING"}};
        return commit(*store_, turn)->front();
    }
    Result<PersonNames> names_of(ConversationId conversation) {
        return wait_for<PersonNames>([&](auto done) { store_->find_names(conversation, std::move(done)); });
    }
    Result<Erased> erase(ConversationId conversation, std::size_t limit) {
        return wait_for<Erased>([&](auto done) { store_->erase_some(conversation, limit, std::move(done)); });
    }
    static WallTime at(int minute) { return t0 + std::chrono::minutes(minute); }

    static std::string name_of(const HistoryRow& row) {
        if (const auto* item = std::get_if<ItemRow>(&row)) return "in-" + std::to_string(to_int(item->seq));
        return "out-" + std::to_string(to_int(std::get<OutboundRow>(row).message.id));
    }
    static std::vector<std::string> names(const std::vector<HistoryRow>& rows) {
        std::vector<std::string> all;
        for (const HistoryRow& row : rows) all.push_back(name_of(row));
        return all;
    }
    std::vector<std::string> talk(ConversationId id, std::size_t limit = 50) {
        std::vector<std::string> all;
        HistoryQuery query{{}, {}, limit};
        do {
            auto page = history().messages_of(id, query);
            EXPECT_TRUE(page);
            for (const std::string& name : names(page->rows)) all.push_back(name);
            query.after = page->next;
        } while (!query.after.empty() && all.size() < 100);
        return all;
    }
    std::vector<std::string> people(HistoryQuery query) {
        std::vector<std::string> all;
        do {
            auto page = history().conversations(query);
            EXPECT_TRUE(page);
            for (const ConversationRow& row : page->rows) all.push_back(row.person.wa_id);
            query.after = page->next;
        } while (!query.after.empty() && all.size() < 100);
        return all;
    }

    fakes::TempFolder folder_;
    SystemClock clock_;
    std::unique_ptr<EngineStore> store_;
};

TEST_F(HistoryTest, reads_a_conversation_backwards_whatever_else_came) {
    const StoredItem one = arrive("m1", "911", 1);
    arrive("x1", "922", 2);
    const OutboundId first = answer(one, "p1.A", "911", 3);
    const StoredItem two = arrive("m2", "911", 4);
    arrive(status("w1", "delivered", "p1.A"), 5);
    answer(two, "p1.B", "911", 6);
    const std::vector<std::string> all{"out-2", "in-3", "out-1", "in-1"};
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(talk(one.conversation), all);
        EXPECT_EQ(talk(one.conversation, 1), all) << "page by page";
        open();
    }
    arrive("m3", "911", 7);
    EXPECT_EQ(talk(one.conversation).front(), "in-5") << "the chain goes on after a start";
    EXPECT_EQ(talk(one.conversation).size(), 5u);
    const auto row = history().outbound(first);
    ASSERT_TRUE(row && *row);
    EXPECT_EQ((*row)->turn, one.seq);
    const auto statuses = history().statuses(**row);
    EXPECT_EQ(statuses->size(), 1u);
}

TEST_F(HistoryTest, tells_how_a_turn_and_a_send_went) {
    const StoredItem one = arrive("m1", "911", 1);
    const OutboundId id = answer(one, "p1.A", "911", 2);
    OutcomeRecord later = outcome(id, OutboundState::queued);
    later.at = at(3);
    later.error_code = 130429;
    later.error_text = "Rate limit hit";
    ASSERT_TRUE(record(*store_, later));
    OutcomeRecord sent = outcome(id, OutboundState::sent, "w1");
    sent.at = at(4);
    sent.tries = 2;
    ASSERT_TRUE(record(*store_, sent));
    arrive(status("w1", "sent", "p1.A"), 5);
    arrive(status("w1", "delivered", "p1.A"), 6);
    open();

    const auto item = history().item(one.seq);
    ASSERT_TRUE(item && *item);
    EXPECT_EQ((*item)->agent, "echo 1.2.3");
    EXPECT_EQ((*item)->began_at, at(2) - Millis{40});
    EXPECT_EQ((*item)->ended_at, at(2));
    EXPECT_EQ((*item)->facts.peer, "127.0.0.1");
    EXPECT_EQ((*item)->first_reply, id);
    EXPECT_EQ((*item)->annotations, (Annotations{{"intent", "GREETING"}}));
    const auto row = history().outbound(id);
    ASSERT_TRUE(row && *row);
    EXPECT_EQ((*row)->state, OutboundState::delivered);
    EXPECT_EQ((*row)->sent_at, at(4));
    EXPECT_EQ((*row)->wamid, MessageId("w1"));
    const auto attempts = history().attempts(id);
    ASSERT_EQ(attempts->size(), 1u) << "the good one is in the row itself";
    EXPECT_EQ(attempts->front().at, at(3));
    EXPECT_EQ(attempts->front().error_text, "Rate limit hit");
    const auto statuses = history().statuses(**row);
    ASSERT_EQ(statuses->size(), 2u);
    EXPECT_LT(statuses->front().seq, statuses->back().seq);
}

TEST_F(HistoryTest, lists_the_conversations_by_their_last_message) {
    arrive("m1", "911", 1);
    const StoredItem two = arrive("m2", "922", 2);
    arrive("m3", "933", 3, number_b);
    answer(two, "p1.A", "922", 4);
    arrive("m4", "911", 5);
    for (int round = 0; round < 2; ++round) {
        EXPECT_THAT(people({}), ElementsAre("911", "922", "933"));
        EXPECT_THAT(people({{}, {}, 1}), ElementsAre("911", "922", "933"));
        EXPECT_THAT(people({number_b, {}, 50}), ElementsAre("933"));
        open();
    }
    const auto page = history().conversations({});
    EXPECT_EQ(names(page->rows[1].last), std::vector<std::string>{"out-1"});
    EXPECT_EQ(page->rows[1].last_at, at(4));
    EXPECT_EQ(page->rows[1].window_from, at(2));
}

TEST_F(HistoryTest, two_conversations_that_prove_to_be_one_are_read_as_one) {
    NewItem by_user = message_of("m1", Party{{}, "IN.1", {}, {}});
    by_user.item.timestamp = at(1);
    const StoredItem one = arrive(std::move(by_user), 1);
    const StoredItem two = arrive("m2", "911", 2);
    ASSERT_NE(one.conversation, two.conversation);
    NewItem both = message_of("m3", Party{"911", "IN.1", {}, {}});
    both.item.timestamp = at(3);
    const StoredItem three = arrive(std::move(both), 3);
    for (int round = 0; round < 2; ++round) {
        EXPECT_THAT(talk(three.conversation), ElementsAre("in-3", "in-2", "in-1"));
        EXPECT_THAT(talk(two.conversation, 2), ElementsAre("in-3", "in-2", "in-1"));
        EXPECT_EQ(people({}), std::vector<std::string>{"911"}) << "the one that is gone has no line";
        open();
    }
}

TEST_F(HistoryTest, finds_a_person_on_every_number) {
    arrive("m1", "911", 1);
    NewItem unrouted = message("m2", "911", number_b, at(2));
    unrouted.routed = false;
    arrive(std::move(unrouted), 2);
    const auto everywhere = history().find_person({}, "911");
    ASSERT_EQ(everywhere->size(), 2u);
    EXPECT_EQ(everywhere->front().channel, number_b) << "the newest first";
    EXPECT_EQ(std::get<ItemRow>(everywhere->front().last.front()).state, InboundState::unrouted);
    EXPECT_EQ(history().find_person(number_a, "911")->size(), 1u);
    EXPECT_TRUE(history().find_person(number_a, "999")->empty());
}

TEST_F(HistoryTest, finds_a_message_by_its_wamid) {
    const StoredItem one = arrive("wamid.in", "911", 1);
    const OutboundId id = answer(one, "p1.A", "911", 2);
    ASSERT_TRUE(record(*store_, outcome(id, OutboundState::sent, "wamid.out")));
    for (int round = 0; round < 2; ++round) {
        const auto in = history().find_wamid("wamid.in");
        ASSERT_TRUE(in && *in);
        EXPECT_EQ(name_of(**in), "in-1");
        const auto out = history().find_wamid("wamid.out");
        ASSERT_TRUE(out && *out);
        EXPECT_EQ(name_of(**out), "out-1");
        EXPECT_FALSE(*history().find_wamid("wamid.else"));
        open();
    }
}

TEST_F(HistoryTest, finds_a_message_of_any_number_by_its_wamid) {
    for (int n = 0; n < 40; ++n) {
        const std::string number = std::to_string(1000 + n);
        NewItem item = message("wamid." + number, "911", PhoneNumberId(number), at(n));
        item.routed = n % 2 == 0;
        arrive(std::move(item), n);
    }
    for (int round = 0; round < 2; ++round) {
        for (int n = 0; n < 40; ++n) {
            const auto found = history().find_wamid("wamid." + std::to_string(1000 + n));
            ASSERT_TRUE(found && *found) << n;
            EXPECT_EQ(name_of(**found), "in-" + std::to_string(n + 1));
        }
        open();
    }
}

TEST_F(HistoryTest, shows_what_came_last_and_in_which_post) {
    InboundBatch batch = post({message("m1", "911"), message("m2", "922", number_b)});
    ASSERT_TRUE(add(*store_, batch));
    const StoredItem three = arrive("m3", "911", 1);
    answer(three, "p1.A", "911", 2);
    const auto latest = history().latest({{}, {}, 3});
    EXPECT_THAT(names(latest->rows), ElementsAre("out-1", "in-3", "in-2"));
    EXPECT_THAT(names(history().latest({{}, latest->next, 3})->rows), ElementsAre("in-1"));
    EXPECT_THAT(names(history().latest({number_b, {}, 50})->rows), ElementsAre("in-2"));

    const auto posts = history().posts({{}, {}, 1});
    ASSERT_EQ(posts->rows.size(), 1u);
    EXPECT_EQ(posts->rows[0].first, three.seq);
    const auto older = history().posts({{}, posts->next, 50});
    ASSERT_EQ(older->rows.size(), 1u);
    EXPECT_EQ(older->rows[0].items, 2u);
    EXPECT_EQ(older->rows[0].facts.bytes, 700u);
    EXPECT_TRUE(older->next.empty());
    EXPECT_EQ(history().items_of(older->rows[0].first)->size(), 2u);
}

// As a program wrote it that knew neither chains nor tails.
TEST_F(HistoryTest, an_older_database_has_its_history_too) {
    store_.reset();
    const fs::path file = folder_.path() / "old.db";
    {
        auto old = sqlite::Database::open(file.string(), sqlite::Database::Mode::write);
        for (const char* one : {"0001_first", "0002_service_window", "0003_followup", "0004_key_value"}) {
            std::ifstream script(fs::path(PARLEY_SOURCE_DIR) / "engine/store/migrations" /
                                 (std::string(one) + ".sql"));
            ASSERT_TRUE(old->execute({std::istreambuf_iterator<char>(script), {}})) << one;
        }
        ASSERT_TRUE(old->execute(R"(
            INSERT INTO conversation VALUES (1, 0, 0, 0), (2, 0, 0, 0);
            INSERT INTO alias VALUES ('1001', 0, '911', 1), ('1001', 0, '922', 2);
            INSERT INTO service_window VALUES (1, 1790000060000);
            INSERT INTO item VALUES (1,1,1790000060000,9,'default','::1',0,7,1790000060000,1,x'01','1001','w','','{}'),
                (2,2,1790000120000,9,'default','::1',0,7,1790000120000,2,x'02','1001','w','','{}'),
                (3,3,1790000180000,9,'default','::1',0,7,1790000180000,1,x'03','1001','w','','{}'),
                (4,4,1790000240000,9,'default','::1',1,1,1790000240000,0,x'04','1001','w','',
                 '{"statuses":[{"id":"w1","biz_opaque_callback_data":"p1.A"}]}');
            INSERT INTO turn VALUES (1,3,1790000061000,0,1,1,''), (2,3,1790000121000,0,0,0,''), (3,3,1790000181000,0,0,0,'');
            INSERT INTO outbound VALUES (1,1,1,1790000061000,'1001','911','','p1.A','','{}');
            INSERT INTO outbound_callback VALUES ('p1.A', 1);
            INSERT INTO outbound_state VALUES (1,5,1790000240000,1,'w1',0,'');
            PRAGMA user_version = 4)"));
    }
    auto opened = open_sqlite_store({.path = file.string()}, clock_);
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = std::move(*opened);
    EXPECT_THAT(people({}), ElementsAre("911", "922"));
    EXPECT_THAT(talk(ConversationId{1}), ElementsAre("in-3", "out-1", "in-1"));
    const auto row = history().outbound(OutboundId{1});
    ASSERT_TRUE(row && *row);
    EXPECT_EQ(history().statuses(**row)->size(), 1u);
    EXPECT_EQ(last_inbound(*store_, ConversationId{1}), at(1));
    const StoredItem next = arrive("m5", "911", 9);
    EXPECT_EQ(next.conversation, ConversationId{1});
    EXPECT_THAT(talk(ConversationId{1}), ElementsAre("in-5", "in-3", "out-1", "in-1"));
}

TEST_F(HistoryTest, an_erased_person_leaves_nothing_but_hashes) {
    NewItem picture = message("m1", "911", number_a, at(1));
    picture.item.raw_json = R"({"messages":[{"image":{"id":"7","sha256":"c0ffee"},"from":"911"}]})";
    const StoredItem one = arrive(std::move(picture), 1);
    const OutboundId id = answer(one, "p1.A", "911", 2);
    const StoredItem other = arrive("x1", "922", 2);
    answer(other, "p1.X", "922", 2);
    for (int n = 3; n < 9; ++n) arrive("m" + std::to_string(n), "911", n);
    arrive(status("w1", "sent", "p1.A"), 9);
    EXPECT_EQ(names_of(one.conversation).error().code(), Errc::conflict) << "messages wait for their turn";
    EXPECT_EQ(erase(one.conversation, 100).error().code(), Errc::conflict) << "messages wait for their turn";
    EXPECT_EQ(talk(one.conversation).size(), 8u) << "and all are still there";
    for (const OpenMessage& open : *store_->open_messages(ItemSeq{}, 100)) {
        if (open.conversation != one.conversation) continue;
        TurnCommit turn;
        turn.seq = open.seq;
        turn.conversation = open.conversation;
        turn.state = InboundState::dead;
        turn.dead_letter = DeadLetter{"no", "answer"};
        turn.has_state = true;
        turn.new_state = {R"({"name":"Asha"})", 1, 1};
        ASSERT_TRUE(commit(*store_, turn));
    }
    const auto names = names_of(one.conversation);
    ASSERT_TRUE(names) << names.error().message();
    EXPECT_EQ(names->conversations, std::vector<ConversationId>{one.conversation});
    EXPECT_EQ(names->ids, std::vector<std::string>{"911"});
    Erased all;
    for (int slices = 0; !all.is_done && slices < 10; ++slices) {
        auto some = erase(one.conversation, 4);
        ASSERT_TRUE(some) << some.error().message();
        all.items += some->items;
        all.messages += some->messages;
        all.letters += some->letters;
        all.media.insert(all.media.end(), some->media.begin(), some->media.end());
        all.is_done = some->is_done;
        if (slices == 0) open();  // as after a crash
    }
    EXPECT_TRUE(all.is_done);
    EXPECT_EQ(all.items, 8u);
    EXPECT_EQ(all.messages, 1u);
    EXPECT_EQ(all.letters, 6u);
    EXPECT_EQ(all.media, std::vector<std::string>{"c0ffee"});
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(history().find_person({}, "911")->empty());
        EXPECT_THAT(people({}), ElementsAre("922"));
        EXPECT_FALSE(*history().outbound(id));
        EXPECT_TRUE(store_->dead_letters(0, 10)->empty());
        open();
    }
    store_.reset();
    std::ifstream file(folder_.path() / "parley.db", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    for (const char* trace : {"Asha", "p1.A", "c0ffee", "\"from\":\"911\""})
        EXPECT_EQ(bytes.find(trace), bytes.npos) << trace;
    EXPECT_NE(bytes.find("p1.X"), bytes.npos);
    open();
    EXPECT_EQ(arrive("m3", "911", 3).disposition, Disposition::duplicate);
    EXPECT_NE(arrive("m9", "911", 9).conversation, one.conversation) << "a stranger now";
}

TEST_F(HistoryTest, a_cursor_of_somebody_else_is_refused) {
    const StoredItem one = arrive("m1", "911", 1);
    for (const char* cursor : {"x", "1", "1.", "1.2.3", "-1.0", "1..2"}) {
        EXPECT_EQ(history().messages_of(one.conversation, {{}, cursor, 5}).error().code(),
                  Errc::invalid_input)
            << cursor;
        EXPECT_EQ(history().latest({{}, cursor, 5}).error().code(), Errc::invalid_input) << cursor;
    }
}

}  // namespace
}  // namespace parley
