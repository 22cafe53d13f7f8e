#include "kit/replay.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "fakes/temp_folder.hpp"
#include "kit/replay_report.hpp"
#include "kit/text_diff.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::json;

const std::string header = R"({"parley_records":1,"deployment":"shop","began_ms":1790000000000})"
                           "\n";

Json turn(int conversation, int number, const std::string& text, const std::string& reply) {
    return {{"at_ms", 1'790'000'000'000 + number * 60'000},
            {"received_ms", 1'790'000'000'000 + number * 60'000},
            {"conversation", conversation},
            {"turn", number},
            {"agent", {{"id", "echo"}, {"version", "0.9.0"}, {"sha256", ""}}},
            {"kind", PARLEY_EVENT_MESSAGE},
            {"type", "text"},
            {"sender", "910000000017"},
            {"wa_id", "910000000017"},
            {"user_id", ""},
            {"name", "Person17"},
            {"text", text},
            {"message", {{"content", text}}},
            {"attempt", 0},
            {"state", nullptr},
            {"outcome", "answered"},
            {"replies", {{{"type", "text"}, {"text", {{"body", reply}}}}}},
            {"annotations", Json::object()}};
}

class Replayed : public ::testing::Test {
  protected:
    void write(const std::vector<Json>& turns, const std::string& end = "") {
        std::ofstream out(folder.path() / "a.jsonl");
        out << header;
        for (const Json& one : turns) out << one.dump() << "\n";
        out << end;
    }
    RecordedTalks read(std::size_t limit = 0) {
        auto talks = read_records(folder.path(), limit);
        EXPECT_TRUE(talks) << (talks ? "" : talks.error().message());
        return talks ? std::move(*talks) : RecordedTalks{};
    }
    ReplayReport run(const std::string& library, const std::string& config = "{}",
                     std::optional<ReplayAgent> against = std::nullopt) {
        ReplayOptions options;
        options.agent = {library, config};
        options.against = std::move(against);
        const auto report = replay(read(), options);
        EXPECT_TRUE(report) << (report ? "" : report.error().message());
        return report ? *report : ReplayReport{};
    }
    fakes::TempFolder folder;
};

TEST_F(Replayed, says_the_same_where_it_does) {
    write({turn(1, 1, "hi", "hi"), turn(1, 2, "there", "there"), turn(2, 3, "yes", "yes")});
    const ReplayReport report = run(ECHO_SO);
    EXPECT_TRUE(report.is_same()) << to_text(report, {});
    EXPECT_EQ(report.conversations, 2U);
    EXPECT_EQ(report.same, 3U);
    EXPECT_EQ(report.left_name, "recorded: echo 0.9.0");
    EXPECT_EQ(report.right_name, "echo 1.0.0");
}

TEST_F(Replayed, shows_what_differs_side_by_side) {
    write({turn(1, 1, "hi there", "hi there"), turn(1, 2, "ok", "ok")});
    const ReplayReport report = run(ECHO_SO, R"({"prefix":"Well, "})");
    EXPECT_EQ(report.different, 2U);
    ASSERT_EQ(report.findings.size(), 2U);
    EXPECT_EQ(report.findings[0].differences.at(0).left, "hi there");
    EXPECT_EQ(report.findings[0].differences.at(0).right, "Well, hi there");
    EXPECT_NE(to_text(report, {80, false}).find("| Well, hi there\n"), std::string::npos)
        << to_text(report, {80, false});
    EXPECT_NE(to_html(report).find("<ins>Well, </ins>hi there"), std::string::npos);
}

TEST_F(Replayed, gives_each_turn_the_state_that_was_recorded_or_its_own) {
    Json first = turn(1, 1, "a", "#1 a"), second = turn(1, 2, "b", "#8 b");
    first["state_after"] = {{"seen", 1}};
    second["state"] = {{"seen", 7}};
    second["state_after"] = {{"seen", 8}};
    write({first, second});
    EXPECT_TRUE(run(ECHO_SO, R"({"count":true})").is_same());
    ReplayOptions options;
    options.agent = {ECHO_SO, R"({"count":true})"};
    options.own_state = true;
    const auto report = replay(read(), options);
    ASSERT_TRUE(report);
    ASSERT_EQ(report->findings.size(), 1U);
    EXPECT_EQ(report->findings[0].differences.at(0).right, "#2 b");
}

TEST_F(Replayed, compares_two_libraries_without_what_was_recorded) {
    write({turn(1, 1, "hi", "something else")});
    EXPECT_TRUE(run(ECHO_SO, "{}", ReplayAgent{ECHO_C_SO, "{}"}).is_same());
}

TEST_F(Replayed, counts_an_agent_that_ends_the_process_as_failed) {
    write({turn(1, 1, "hi", "hi"), turn(2, 2, "hi", "hi")});
    const ReplayReport report = run(BAD_PLUGINS "/aborts.so");
    EXPECT_EQ(report.failed, 2U);
    EXPECT_NE(report.findings.at(0).why.find("SIGABRT; it wrote: I cannot go on"), std::string::npos)
        << report.findings.at(0).why;
}

TEST_F(Replayed, refuses_a_library_or_a_configuration_that_cannot_run) {
    write({turn(1, 1, "hi", "hi")});
    ReplayOptions options;
    options.agent = {folder.path() / "none.so", "{}"};
    EXPECT_FALSE(replay(read(), options));
    options.agent = {ECHO_SO, R"({"colour":1})"};
    const auto refused = replay(read(), options);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message().find("colour"), std::string::npos) << refused.error().message();
}

TEST_F(Replayed, skips_turns_of_which_the_record_lacks_something) {
    Json one = turn(1, 1, "hi", "other");
    one["missing"] = {"media"};
    write({one});
    const ReplayReport report = run(ECHO_SO);
    EXPECT_EQ(report.skipped, 1U);
    EXPECT_TRUE(report.is_same());
}

TEST_F(Replayed, reads_what_it_can_of_a_file_that_was_cut_off) {
    write({turn(1, 1, "hi", "hi")}, R"({"at_ms":17900)");
    const RecordedTalks talks = read();
    EXPECT_EQ(talks.unreadable, 1U);
    EXPECT_EQ(talks.talks.size(), 1U);
}

TEST_F(Replayed, refuses_files_that_are_no_records) {
    std::ofstream(folder.path() / "a.jsonl") << "{}\n";
    EXPECT_FALSE(read_records(folder.path()));
    std::ofstream(folder.path() / "a.jsonl") << R"({"parley_records":99})"
                                             << "\n";
    EXPECT_FALSE(read_records(folder.path()));
    EXPECT_FALSE(read_records(folder.path() / "none"));
}

TEST_F(Replayed, takes_the_newest_conversations_when_limited) {
    write({turn(1, 5, "hi", "hi"), turn(2, 9, "hi", "hi"), turn(3, 7, "hi", "hi")});
    const RecordedTalks talks = read(2);
    ASSERT_EQ(talks.talks.size(), 2U);
    EXPECT_EQ(talks.talks[0].conversation, 2);
    EXPECT_EQ(talks.talks[1].conversation, 3);
}

TEST_F(Replayed, hides_what_an_agent_says_from_terminal_and_page) {
    write({turn(1, 1, "<script>x</script>", "\x1b[2J&{{FINDINGS}}")});
    const ReplayReport report = run(ECHO_SO);
    EXPECT_EQ(to_text(report, {80, false}).find('\x1b'), std::string::npos);
    const std::string page = to_html(report);
    EXPECT_EQ(page.find("<script>x"), std::string::npos);
    EXPECT_EQ(page.find('\x1b'), std::string::npos);
    EXPECT_NE(page.find("{{FINDINGS}}"), std::string::npos) << "as text";
}

TEST(TextDiff, pairs_lines_and_marks_words) {
    const auto rows = diff_texts("one\ntwo three\nfour", "one\ntwo 3\nfour\nfive");
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_TRUE(rows[0].is_same);
    EXPECT_FALSE(rows[1].is_same);
    ASSERT_EQ(rows[1].left.size(), 2U);
    EXPECT_EQ(rows[1].left[0].text, "two ");
    EXPECT_TRUE(rows[1].left[1].is_changed);
    EXPECT_EQ(rows[1].right[1].text, "3");
    EXPECT_FALSE(rows[3].has_left);
    EXPECT_EQ(rows[3].right.at(0).text, "five");
}

TEST(TextDiff, knows_how_wide_text_is) {
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("नमस्ते"), 4U);
    EXPECT_EQ(display_width("日本"), 4U);
    EXPECT_EQ(display_width("\xff"), 1U);
}

}  // namespace
}  // namespace parley::kit
