#include "store/record_log.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_clock.hpp"
#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

using Json = nlohmann::json;

class Records : public ::testing::Test {
  protected:
    RecordedTurn recorded(const std::string& text, bool ok = true, std::int64_t conversation = 17) {
        Deployment deployment;
        deployment.id = DeploymentId("shop");
        TurnEvent event;
        event.deployment = std::make_shared<const Deployment>(deployment);
        event.conversation = ConversationId{conversation};
        event.seq = ItemSeq{5};
        event.message.from.wa_id = "919876543210";
        event.message.from.name = "Asha";
        event.message.type = "text";
        event.message.text = text;
        event.canonical_json = R"({"from":"+919876543210","content":"hi"})";
        event.state = {R"({"n":1})", 3, 2};
        event.trace = std::make_shared<TurnTrace>(clock.wall());
        const auto call =
            event.trace->http_begins("POST", "https://crm.test/a?token=abc", "{\"q\":1}", clock.mono());
        HttpExchange answer;
        answer.end = "answered";
        answer.status = 200;
        answer.headers = R"({"Set-Cookie":"x","Content-Type":"text/plain"})";
        answer.answer = "yes";
        event.trace->http_ended(call, answer, clock.mono() + Millis{30});
        const unsigned char drawn[] = {1, 0xab};
        event.trace->drew(drawn);
        RecordedTurn one;
        one.turn = std::make_shared<Turn>(std::move(event), [](TurnResult) {});
        one.result.ok = ok;
        one.result.error = ok ? "" : "no answer for 919876543210";
        one.result.replies = {R"({"type":"text","text":{"body":"Hello Asha"}})"};
        one.result.has_state = true;
        one.result.state_json = R"({"n":2})";
        one.result.annotations = {{"intent", "GREETING"}};
        one.agent = {"echo", "1.0", "abc"};
        one.ended = clock.wall() + Millis{40};
        return one;
    }
    RecordPlans plans(Millis keep = std::chrono::hours{24 * 7}, std::size_t max_size = 1U << 30) const {
        return {{DeploymentId("shop"), {keep, max_size, {"tok-123456"}}}};
    }
    std::vector<std::filesystem::path> files() const {
        std::vector<std::filesystem::path> all;
        std::error_code none;
        for (const auto& one : std::filesystem::directory_iterator(folder.path() / "shop", none))
            all.push_back(one.path());
        std::sort(all.begin(), all.end());
        return all;
    }
    static std::vector<Json> lines(const std::filesystem::path& file) {
        std::ifstream in(file);
        std::vector<Json> all;
        for (std::string line; std::getline(in, line);) all.push_back(Json::parse(line));
        return all;
    }
    double count(const char* result) {
        return metrics.counter("parley_records_total", "", {{"result", result}}).value();
    }

    fakes::TempFolder folder;
    FakeClock clock;
    Metrics metrics;
};

TEST_F(Records, keep_what_the_agent_saw_and_said) {
    RecordLog log({folder.path()}, plans(), clock, metrics);
    log.add(recorded("I am Asha, tok-123456"));
    log.flush();
    ASSERT_EQ(files().size(), 1U);
    const auto all = lines(files().front());
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].at("parley_records"), 1);
    EXPECT_EQ(all[0].at("deployment"), "shop");
    const Json& turn = all[1];
    EXPECT_EQ(turn.at("conversation"), 17);
    EXPECT_EQ(turn.at("text"), "I am Person17, [secret]");
    EXPECT_EQ(turn.at("sender"), "910000000017");
    EXPECT_EQ(turn.at("message").at("from"), "+910000000017");
    EXPECT_EQ(turn.at("state"), Json({{"n", 1}}));
    EXPECT_EQ(turn.at("state_after"), Json({{"n", 2}}));
    EXPECT_EQ(turn.at("state_revision"), 3);
    EXPECT_EQ(turn.at("random"), "01ab");
    EXPECT_EQ(
        turn.at("http").at(0),
        Json::parse(
            R"({"method":"POST","url":"https://crm.test/a?token=[secret]","body":"{\"q\":1}","end":"answered",
                              "took_ms":30,"status":200,"headers":{"Content-Type":"text/plain"},"answer":"yes"})"));
    EXPECT_EQ(turn.at("replies").at(0).at("text").at("body"), "Hello Person17");
    EXPECT_EQ(turn.at("annotations").at("intent"), "GREETING");
    EXPECT_EQ(turn.at("agent").at("sha256"), "abc");
    EXPECT_EQ(turn.at("outcome"), "answered");
    EXPECT_EQ(turn.at("took_ms"), 40);
    EXPECT_EQ(count("written"), 1);
}

TEST_F(Records, of_an_erased_person_go_from_all_files_and_the_others_stay_as_they_were) {
    RecordLogOptions options{folder.path()};
    options.file_size = 3000;
    RecordLog log(options, plans(), clock, metrics);
    for (int i = 0; i < 9; ++i) {
        log.add(recorded("text " + std::to_string(i), true, i % 3 == 0 ? 17 : 20 + i));
        clock.advance(Millis{1});
    }
    log.flush();
    ASSERT_GT(files().size(), 2U);
    std::vector<Json> expected;
    for (const auto& file : files())
        for (const Json& line : lines(file))
            if (line.value("conversation", 0) > 17) expected.push_back(line);
    log.add(recorded("added before, written or not", true, 17));
    const auto erased = log.erase({ConversationId{17}, ConversationId{99}});
    ASSERT_TRUE(erased) << erased.error().message();
    EXPECT_EQ(*erased, 4U);
    std::vector<Json> left;
    for (const auto& file : files()) {
        EXPECT_EQ(file.extension(), ".jsonl");
        EXPECT_EQ(std::filesystem::status(file).permissions(),
                  std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        EXPECT_EQ(lines(file).at(0).value("parley_records", 0), 1);
        for (const Json& line : lines(file))
            if (line.contains("conversation")) left.push_back(line);
    }
    EXPECT_EQ(left, expected);
    clock.advance(Millis{1});
    log.add(recorded("of a shadow that was slow", true, 17));
    log.add(recorded("somebody else", true, 50));
    log.flush();
    EXPECT_EQ(*log.erase({ConversationId{17}}), 0U);
    EXPECT_EQ(lines(files().back()).back().at("text"), "somebody else");
    log.remember({ConversationId{17}});
    log.add(recorded("again", true, 17));
    log.flush();
    EXPECT_EQ(lines(files().back()).back().at("text"), "again");
}

TEST_F(Records, of_one_person_alone_leave_no_file) {
    RecordLog log({folder.path()}, plans(), clock, metrics);
    log.add(recorded("a"));
    EXPECT_EQ(*log.erase({ConversationId{17}}), 1U);
    EXPECT_TRUE(files().empty());
    log.add(recorded("b", true, 18));
    log.flush();
    ASSERT_EQ(files().size(), 1U);
    EXPECT_EQ(lines(files().front()).size(), 2U);
}

TEST_F(Records, that_a_crash_left_half_erased_are_whole_and_its_rest_goes) {
    {
        RecordLog log({folder.path()}, plans(), clock, metrics);
        log.add(recorded("a"));
    }
    ASSERT_EQ(files().size(), 1U);
    std::ofstream(files().front().string() + ".erased") << "half a li";
    {
        RecordLog log({folder.path()}, plans(), clock, metrics);
        log.add(recorded("b", true, 18));
    }
    for (const auto& file : files()) EXPECT_EQ(file.extension(), ".jsonl");
    EXPECT_EQ(files().size(), 2U);
}

TEST_F(Records, that_cannot_be_rewritten_are_told_and_stay_as_they_were) {
    RecordLog log({folder.path()}, plans(), clock, metrics);
    log.add(recorded("a"));
    log.add(recorded("b", true, 18));
    log.flush();
    std::filesystem::create_directory(files().front().string() + ".erased");
    EXPECT_EQ(log.erase({ConversationId{17}}).error().code(), Errc::unavailable);
    EXPECT_EQ(lines(files().front()).size(), 3U);
}

TEST_F(Records, say_why_a_turn_failed) {
    RecordLog log({folder.path()}, plans(), clock, metrics);
    log.add(recorded("hi", false));
    log.flush();
    const Json turn = lines(files().front()).at(1);
    EXPECT_EQ(turn.at("outcome"), "failed");
    EXPECT_EQ(turn.at("error"), "no answer for 910000000017");
    EXPECT_FALSE(turn.contains("replies"));
}

TEST_F(Records, of_deployments_without_a_plan_are_not_kept) {
    RecordLog log({folder.path()}, {}, clock, metrics);
    log.add(recorded("hi"));
    log.flush();
    EXPECT_TRUE(files().empty());
}

TEST_F(Records, beyond_the_queue_are_dropped_and_counted) {
    RecordLogOptions options{folder.path()};
    options.most_waiting_bytes = 1;
    RecordLog log(options, plans(), clock, metrics);
    log.add(recorded("hi"));
    log.flush();
    EXPECT_EQ(count("dropped"), 1);
    EXPECT_TRUE(files().empty());
}

TEST_F(Records, that_cannot_be_written_are_dropped_and_counted) {
    std::ofstream(folder.path() / "shop") << "in the way";
    RecordLog log({folder.path()}, plans(), clock, metrics);
    log.add(recorded("hi"));
    log.flush();
    EXPECT_EQ(count("dropped"), 1);
    EXPECT_EQ(count("written"), 0);
}

TEST_F(Records, begin_a_new_file_when_one_is_full_and_each_day) {
    RecordLogOptions options{folder.path()};
    options.file_size = 2000;
    RecordLog log(options, plans(), clock, metrics);
    for (int i = 0; i < 3; ++i) log.add(recorded("hi"));
    log.flush();
    EXPECT_GE(files().size(), 2U);
    const std::size_t before = files().size();
    clock.advance(std::chrono::hours{25});
    log.add(recorded("hi"));
    log.flush();
    EXPECT_EQ(files().size(), before + 1);
    std::size_t turns = 0;
    for (const auto& file : files()) turns += lines(file).size() - 1;
    EXPECT_EQ(turns, 4U);
}

TEST_F(Records, go_when_they_are_too_old_or_too_many) {
    RecordLogOptions options{folder.path()};
    options.file_size = 1;
    {
        RecordLog log(options, plans(), clock, metrics);
        log.add(recorded("old"));
        log.flush();
        clock.advance(std::chrono::hours{24 * 8 + 1});
        log.add(recorded("new"));
    }
    ASSERT_EQ(files().size(), 1U);
    EXPECT_EQ(lines(files().front()).at(1).at("text"), "new");
    {
        RecordLog log(options, plans(std::chrono::hours{24}, 3000), clock, metrics);
        for (int i = 0; i < 5; ++i) log.add(recorded("more"));
    }
    EXPECT_LT(files().size(), 4U);
    EXPECT_GE(files().size(), 1U);
}

}  // namespace
}  // namespace parley
