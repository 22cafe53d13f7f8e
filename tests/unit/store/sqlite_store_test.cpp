// What SqliteStore promises beyond the contract: kills, full disks, locks and old or new files.
#include "store/sqlite_store.hpp"

#include <fstream>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract/store_samples.hpp"
#include "fakes/temp_folder.hpp"
#include "store/sqlite.hpp"

namespace parley {
namespace {

using namespace contract;
using testing::HasSubstr;

class SqliteStoreTest : public testing::Test {
  protected:
    SqliteOptions options() const {
        SqliteOptions options;
        options.path = (folder_.path() / "store.db").string();
        options.lazy_wait = Millis{1};
        return options;
    }
    std::unique_ptr<MessageStore> open(const SqliteOptions& options) {
        auto opened = open_sqlite_store(options, clock_);
        EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
        return opened ? std::move(*opened) : nullptr;
    }
    std::unique_ptr<MessageStore> open() { return open(options()); }

    // A disk that takes no file beyond `bytes`, until the guard goes.
    class SmallDisk {
      public:
        explicit SmallDisk(rlim_t bytes) {
            handler_ = signal(SIGXFSZ, SIG_IGN);
            getrlimit(RLIMIT_FSIZE, &before_);
            const rlimit small{bytes, before_.rlim_max};
            setrlimit(RLIMIT_FSIZE, &small);
        }
        ~SmallDisk() {
            setrlimit(RLIMIT_FSIZE, &before_);
            signal(SIGXFSZ, handler_);
        }

      private:
        rlimit before_{};
        sighandler_t handler_ = nullptr;
    };

    fakes::TempFolder folder_;
    SystemClock clock_;
};

TEST_F(SqliteStoreTest, what_was_acknowledged_survives_sigkill) {
    int acks[2];
    ASSERT_EQ(pipe(acks), 0);
    const pid_t child = fork();
    if (child == 0) {
        auto store = open();
        for (int i = 0;; ++i) {
            store->add_inbound(
                post({message("m" + std::to_string(i), "91" + std::to_string(i % 7))}), [&, i](auto stored) {
                    if (!stored) _exit(3);
                    TurnCommit turn = turn_of(stored->front(), {reply("p1." + std::to_string(i))});
                    store->commit_turn(turn, [&, i](auto ids) {
                        if (!ids || write(acks[1], &i, sizeof i) != sizeof i) _exit(4);
                    });
                });
        }
    }
    close(acks[1]);
    std::set<int> acked;
    for (int i = 0; acked.size() < 300 && read(acks[0], &i, sizeof i) == sizeof i;) acked.insert(i);
    kill(child, SIGKILL);
    for (int i = 0; read(acks[0], &i, sizeof i) == sizeof i;) acked.insert(i);
    close(acks[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));

    auto store = open();
    std::set<std::string> unsent;
    for (OutboundId after{};;) {
        const auto page = store->unsent_messages(after, 100);
        ASSERT_TRUE(page);
        for (const auto& row : *page) unsent.insert(row.message.callback);
        if (page->size() < 100) break;
        after = page->back().message.id;
    }
    ASSERT_GE(acked.size(), 300u);
    for (const int i : acked) {
        EXPECT_TRUE(unsent.contains("p1." + std::to_string(i))) << i;
        const auto found = store->find_message(number_a, MessageId("m" + std::to_string(i)), t0);
        ASSERT_TRUE(found && *found) << i;
        EXPECT_EQ((*found)->state, InboundState::answered);
        EXPECT_EQ((*found)->replies.size(), 1u);
    }
    // All or nothing: whatever is not answered is open, and the counts agree with the rows.
    const StoreCounts counts = *store->counts();
    EXPECT_EQ(counts.unsent, unsent.size());
    EXPECT_EQ(counts.messages, counts.open + counts.unsent);
}

TEST_F(SqliteStoreTest, a_full_disk_refuses_new_work_keeps_turns_and_recovers_by_itself) {
    auto store = open();
    const StoredItem item = add(*store, post({message("m1", "911")}))->front();
    const auto sent = queue(*store, reply("p1.OUT"));
    ASSERT_TRUE(sent);
    std::promise<Result<std::vector<OutboundId>>> turn_done;
    std::promise<Result<OutboundState>> outcome_done;
    auto turn_waits = turn_done.get_future();
    auto outcome_waits = outcome_done.get_future();
    {
        const SmallDisk full(4096);
        const auto refused = add(*store, post({message("m2", "912")}));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code(), Errc::unavailable);
        EXPECT_FALSE(store->is_writable());
        store->commit_turn(turn_of(item, {reply("p1.TURN")}),
                           [&](auto r) { turn_done.set_value(std::move(r)); });
        store->record_outcome(outcome(sent->id, OutboundState::sent, "w1"),
                              [&](auto r) { outcome_done.set_value(std::move(r)); });
        for (int i = 0; i < 3; ++i) EXPECT_FALSE(add(*store, post({message("m3", "913")})));
        EXPECT_FALSE(queue(*store, reply("p1.LATER")));
        EXPECT_EQ(store->count_crash(item.seq).error().code(), Errc::unavailable);
        EXPECT_EQ(turn_waits.wait_for(Millis{0}), std::future_status::timeout);
        EXPECT_TRUE(store->open_messages(ItemSeq{}, 10)) << "reads still work";
    }
    const auto ids = turn_waits.get();
    ASSERT_TRUE(ids);
    EXPECT_EQ(ids->size(), 1u);
    EXPECT_EQ(*outcome_waits.get(), OutboundState::sent);
    EXPECT_TRUE(store->is_writable());
    const auto again = add(*store, post({message("m2", "912")}));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->front().disposition, Disposition::added) << "a refused message is no duplicate";
    EXPECT_TRUE(queue(*store, reply("p1.LATER")));
    store = nullptr;
    store = open();
    EXPECT_EQ(store->counts()->messages, 2u);
    EXPECT_EQ(store->counts()->unsent, 2u);
}

TEST_F(SqliteStoreTest, outcomes_of_a_full_disk_survive_sigkill_in_the_reserve) {
    const pid_t child = fork();
    if (child == 0) {
        auto store = open();
        const auto sent = queue(*store, reply("p1.SENT"));
        const auto failed = queue(*store, reply("p1.FAILED"));
        if (!sent || !failed) _exit(3);
        const SmallDisk full(4096);
        if (add(*store, post({message("m1", "911")}))) _exit(4);
        store->record_outcome(outcome(sent->id, OutboundState::sent, "w1"), nullptr);
        OutcomeRecord refused = outcome(failed->id, OutboundState::failed);
        refused.dead_letter = DeadLetter{"undeliverable", "131026"};
        store->record_outcome(refused, nullptr);
        // Answered by the writer, so it has seen the outcomes before.
        if (add(*store, post({message("m2", "912")}))) _exit(5);
        kill(getpid(), SIGKILL);
    }
    int ended = 0;
    waitpid(child, &ended, 0);
    ASSERT_TRUE(WIFSIGNALED(ended)) << WEXITSTATUS(ended);
    for (int round = 0; round < 2; ++round) {
        auto store = open();
        EXPECT_TRUE(commit(
            *store, turn_of(add(*store, post({message("n" + std::to_string(round), "911")}))->front())));
        EXPECT_EQ(store->counts()->unsent, 0u);
        EXPECT_EQ(store->counts()->dead_letters, 1u) << "recorded once";
        EXPECT_TRUE(
            add(*store, post({status("w1", round == 0 ? "delivered" : "read", "")}))->front().applied);
    }
}

TEST_F(SqliteStoreTest, recovers_without_work_that_waits) {
    auto store = open();
    {
        const SmallDisk full(4096);
        ASSERT_FALSE(add(*store, post({message("m1", "911")})));
        ASSERT_FALSE(store->is_writable());
    }
    // The writer probes by itself; nothing is written meanwhile.
    const MonoTime give_up = clock_.mono() + std::chrono::seconds(30);
    while (!store->is_writable() && clock_.mono() < give_up) std::this_thread::yield();
    EXPECT_TRUE(store->is_writable());
    EXPECT_TRUE(add(*store, post({message("m1", "911")})));
}

TEST_F(SqliteStoreTest, a_followup_that_a_full_disk_kept_back_comes_when_there_is_room_again) {
    Metrics metrics;
    SqliteOptions counted = options();
    counted.metrics = &metrics;
    auto store = open(counted);
    TurnCommit turn = turn_of(add(*store, post({message("m1", "911")}))->front());
    turn.channel = number_a;
    turn.followups.push_back({"nudge", false, t0, false, false, ""});
    ASSERT_TRUE(commit(*store, std::move(turn)));
    {
        const SmallDisk full(4096);
        EXPECT_EQ(fire_due(*store, t0, {number_a}).error().code(), Errc::unavailable);
    }
    const MonoTime give_up = clock_.mono() + std::chrono::seconds(30);
    while (!store->is_writable() && clock_.mono() < give_up) std::this_thread::yield();
    const auto fired = fire_due(*store, t0, {number_a});
    ASSERT_TRUE(fired);
    EXPECT_EQ(fired->messages.size(), 1u);
    const auto counter = [&](const char* event) {
        return metrics
            .counter("parley_followups_total", "Follow-ups by what became of them", {{"event", event}})
            .value();
    };
    EXPECT_EQ(counter("scheduled"), 1);
    EXPECT_EQ(counter("fired"), 1) << "what was undone does not count";
}

TEST_F(SqliteStoreTest, a_full_queue_is_busy_but_turns_and_outcomes_always_enter) {
    auto store = open();
    const StoredItem item = add(*store, post({message("m0", "911")}))->front();
    store = nullptr;
    SqliteOptions small = options();
    small.max_queued_bytes = 10'000;
    store = open(small);
    NewItem huge = message("m1", "911");
    huge.item.raw_json.assign(20'000, 'x');
    EXPECT_EQ(add(*store, post({huge})).error().code(), Errc::busy);
    NewOutbound long_text = reply("p1.LONG");
    long_text.payload_json.assign(20'000, 'x');
    EXPECT_EQ(queue(*store, long_text).error().code(), Errc::busy);
    EXPECT_TRUE(commit(*store, turn_of(item, {long_text})));
    EXPECT_TRUE(add(*store, post({message("m1", "911")})));
}

TEST_F(SqliteStoreTest, a_second_engine_is_refused_and_told_who_has_the_file) {
    auto store = open();
    const auto second = open_sqlite_store(options(), clock_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), Errc::conflict);
    EXPECT_THAT(second.error().message(), HasSubstr("process " + std::to_string(getpid())));
    store = nullptr;
    EXPECT_TRUE(open());
}

TEST_F(SqliteStoreTest, a_database_of_a_newer_program_is_refused_untouched) {
    open();
    {
        auto db = sqlite::Database::open(options().path, sqlite::Database::Mode::write);
        ASSERT_TRUE(db && db->execute("PRAGMA user_version = 99"));
    }
    const auto newer = open_sqlite_store(options(), clock_);
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error().code(), Errc::conflict);
    EXPECT_THAT(newer.error().message(), HasSubstr("schema version 99"));
}

TEST_F(SqliteStoreTest, a_file_that_is_no_database_is_a_clear_error) {
    std::ofstream(options().path) << std::string(8192, 'x');
    const auto opened = open_sqlite_store(options(), clock_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), Errc::corrupt);
    SqliteOptions nowhere = options();
    nowhere.path = (folder_.path() / "no" / "store.db").string();
    EXPECT_EQ(open_sqlite_store(nowhere, clock_).error().code(), Errc::unavailable);
}

TEST_F(SqliteStoreTest, closing_commits_what_is_queued_and_runs_every_completion) {
    auto store = open();
    int done = 0;
    for (int i = 0; i < 50; ++i)
        store->add_inbound(post({message("m" + std::to_string(i), "911")}),
                           [&](auto stored) { done += bool(stored); });
    store = nullptr;
    EXPECT_EQ(done, 50);
    EXPECT_EQ(open()->counts()->open, 50u);
}

TEST_F(SqliteStoreTest, what_nobody_waits_for_is_still_written_soon) {
    auto store = open();
    const auto sent = queue(*store, reply("p1.A"));
    ASSERT_TRUE(sent);
    const auto state = record(*store, outcome(sent->id, OutboundState::sent, "w1"));
    ASSERT_TRUE(state) << "a lazy write alone must not wait for an awaited one";
    InboundBatch statuses = post({status("w1", "delivered", "p1.A")});
    statuses.lazy = true;
    EXPECT_TRUE(add(*store, statuses)->front().applied->moved);
}

TEST_F(SqliteStoreTest, keeps_what_it_saw_when_keys_have_moved_to_the_table_and_the_log_to_the_file) {
    SqliteOptions eager = options();
    eager.checkpoint_bytes = 32 << 10;
    auto store = open(eager);
    for (int round = 0; round < 40; ++round) {
        std::vector<NewItem> items;
        for (int i = 0; i < 100; ++i)
            items.push_back(message("m" + std::to_string(round * 100 + i), "91" + std::to_string(i), number_a,
                                    t0 + Millis{1000 * (i % 5)}));
        ASSERT_TRUE(add(*store, post(std::move(items))));
    }
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 4000; i += 37) {
            const int k = i % 100 % 5;
            const auto again =
                add(*store, post({message("m" + std::to_string(i), "911", number_a, t0 + Millis{1000 * k})}));
            ASSERT_TRUE(again);
            EXPECT_EQ(again->front().disposition, Disposition::duplicate) << i;
        }
        EXPECT_EQ(store->counts()->messages, 4000u);
        EXPECT_EQ(store->counts()->open, 4000u);
        store = nullptr;
        store = open(eager);
    }
}

TEST_F(SqliteStoreTest, a_large_backlog_is_found_again_after_sigkill_and_after_a_clean_end) {
    const pid_t child = fork();
    if (child == 0) {
        auto store = open();
        for (int round = 0; round < 30; ++round) {
            std::vector<NewItem> items;
            for (int i = 0; i < 100; ++i)
                items.push_back(message("m" + std::to_string(round * 100 + i), "911"));
            const auto stored = add(*store, post(std::move(items)));
            if (!stored || !commit(*store, turn_of(stored->front()))) _exit(3);
        }
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    for (int round = 0; round < 2; ++round) {
        auto store = open();
        EXPECT_EQ(store->counts()->messages, 3000u);
        EXPECT_EQ(store->counts()->open, 2970u);
        const auto page = store->open_messages(ItemSeq{}, 5000);
        ASSERT_TRUE(page);
        EXPECT_EQ(page->size(), 2970u);
    }
}

class KeptMessagesTest : public SqliteStoreTest {
  protected:
    SqliteOptions serving(const PhoneNumberId& channel, const std::string& app) const {
        SqliteOptions more = options();
        more.serves = {{channel, AppId(app)}};
        more.oldest_kept = t0 - Millis{1'000};
        return more;
    }
    static NewItem kept(const std::string& id, const PhoneNumberId& channel, WallTime at = t0) {
        NewItem item = message(id, "911", channel, at);
        item.routed = false;
        return item;
    }
    static std::size_t open_in(MessageStore& store) { return store.open_messages(ItemSeq{}, 100)->size(); }
};

TEST_F(KeptMessagesTest, wait_for_their_turn_once_their_number_has_a_deployment) {
    {
        auto store = open();
        add(*store, post({kept("m1", number_a), kept("m2", number_b), kept("m3", number_a)}));
        EXPECT_EQ(open_in(*store), 0U);
    }
    {
        auto store = open(serving(number_a, "default"));
        const auto waiting = store->open_messages(ItemSeq{}, 100);
        ASSERT_EQ(waiting->size(), 2U);
        EXPECT_EQ(waiting->front().channel, number_a);
        ASSERT_TRUE(commit(
            *store, turn_of({.seq = waiting->front().seq, .conversation = waiting->front().conversation})));
    }
    EXPECT_EQ(open_in(*open(serving(number_a, "default"))), 1U);
    EXPECT_EQ(open_in(*open(serving(number_b, "default"))), 2U);
}

TEST_F(KeptMessagesTest, of_another_app_stay_where_they_are) {
    add(*open(), post({kept("m1", number_a)}));
    EXPECT_EQ(open_in(*open(serving(number_a, "another"))), 0U);
    EXPECT_EQ(open_in(*open(serving(number_a, "default"))), 1U);
}

TEST_F(KeptMessagesTest, that_are_too_old_stay_where_they_are) {
    add(*open(), post({kept("old", number_a, t0 - Millis{1'001}), kept("young", number_a)}));
    EXPECT_EQ(open_in(*open(serving(number_a, "default"))), 1U);
}

TEST_F(KeptMessagesTest, that_no_agent_answers_are_not_delivered) {
    NewItem reaction = kept("m1", number_a);
    reaction.answerable = false;
    add(*open(), post({reaction}));
    EXPECT_EQ(open_in(*open(serving(number_a, "default"))), 0U);
}

class NumberRecordsTest : public KeptMessagesTest {
  protected:
    EngineStore& store() {
        if (!store_) store_ = std::move(*open_sqlite_store(options(), clock_));
        return *store_;
    }
    void restart() { store_.reset(); }
    KeptPage kept_page(const std::string& app = "default", WallTime oldest = t0 - Millis{1'000}) {
        return store().open_kept({number_a, AppId(app), oldest}).value();
    }
    std::unique_ptr<EngineStore> store_;
};

TEST_F(NumberRecordsTest, open_what_was_kept_while_the_engine_runs_and_remember_it) {
    add(store(), post({kept("m1", number_a), message("m2", "912", number_b), kept("m3", number_a),
                       kept("old", number_a, t0 - Millis{1'001})}));
    EXPECT_TRUE(kept_page("another").messages.empty());
    const KeptPage page = kept_page();
    EXPECT_TRUE(page.is_last);
    ASSERT_EQ(page.messages.size(), 2U);
    EXPECT_EQ(page.messages[0].seq, ItemSeq{1});
    EXPECT_EQ(page.messages[1].seq, ItemSeq{3});
    EXPECT_TRUE(kept_page().messages.empty()) << "each once";
    restart();
    EXPECT_EQ(open_in(store()), 3U);
    ASSERT_TRUE(commit(
        store(), turn_of({.seq = page.messages[0].seq, .conversation = page.messages[0].conversation})));
    add(store(), post({kept("m4", number_a)}));
    EXPECT_EQ(kept_page().messages.size(), 1U) << "it was without a deployment again";
    restart();
    EXPECT_EQ(open_in(store()), 3U);
}

TEST_F(NumberRecordsTest, open_many_that_were_kept_page_by_page) {
    constexpr int many = 5'000;
    std::vector<NewItem> items;
    for (int i = 0; i < many; ++i) items.push_back(kept("m" + std::to_string(i), number_a));
    add(store(), post(std::move(items)));
    const KeptPage first = kept_page();
    EXPECT_FALSE(first.is_last);
    const KeptPage second = kept_page();
    EXPECT_TRUE(second.is_last);
    EXPECT_EQ(first.messages.size() + second.messages.size(), static_cast<std::size_t>(many));
    EXPECT_LT(first.messages.back().seq, second.messages.front().seq);
}

TEST_F(NumberRecordsTest, tell_of_one_number_alone) {
    const auto stored = add(store(), post({message("m1", "911"), message("m2", "912", number_b)}));
    const auto sent = queue(store(), reply("p1.one"));
    const auto failed = queue(store(), reply("p1.two", "913"));
    queue(store(), reply("p1.three", "912", number_b));
    record(store(), outcome(sent->id, OutboundState::sent, "wamid.1"));
    const NumberBacklog busy = store().backlog(number_a).value();
    ASSERT_EQ(busy.open.size(), 1U);
    EXPECT_EQ(busy.open[0].seq, stored->front().seq);
    ASSERT_EQ(busy.unsent.size(), 1U);
    EXPECT_EQ(busy.unsent[0].id, failed->id);
    record(store(), outcome(failed->id, OutboundState::failed));
    EXPECT_TRUE(store().backlog(number_a)->unsent.empty());
    const NumberTraffic traffic = store().traffic(number_a, t0 - Millis{1}).value();
    EXPECT_EQ(traffic.in, 1U);
    EXPECT_EQ(traffic.out, 2U);
    EXPECT_EQ(traffic.failed, 1U);
    EXPECT_EQ(traffic.last_webhook, t0);
    EXPECT_FALSE(traffic.is_partial);
    EXPECT_EQ(store().traffic(number_a, t0 + Millis{1})->in, 0U);
    const auto found = store().find_outbound("p1.one").value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->state, OutboundState::sent);
    EXPECT_EQ(found->wamid.str(), "wamid.1");
    EXPECT_EQ(found->message.to.wa_id, "911");
    EXPECT_FALSE(store().find_outbound("p1.none").value());
    EXPECT_EQ(store().find_conversation(number_a, {"911", {}}).value(), stored->front().conversation);
    EXPECT_EQ(store().find_conversation(number_b, {"911", {}}).value(), ConversationId{});
}

}  // namespace
}  // namespace parley
