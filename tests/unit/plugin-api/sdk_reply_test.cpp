// The reply builders: native objects as Graph takes them, and WhatsApp's limits.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <parley/sdk/reply.hpp>

#include "unit/plugin-api/reply_refusal.hpp"

namespace {

using nlohmann::json;
using parley::ButtonsReply;
using parley::ListReply;
using parley::TextReply;

TEST(TextReply, quotes_and_shows_links) {
    EXPECT_EQ(json::parse(TextReply("see https://x.test \"now\"").quote("wamid.A").preview_url().json()),
              json::parse(R"({"type":"text","context":{"message_id":"wamid.A"},
                              "text":{"body":"see https://x.test \"now\"","preview_url":true}})"));
}

TEST(ButtonsReply, is_the_native_object) {
    const auto reply = ButtonsReply("Apply now?")
                           .button("apply", "Apply")
                           .button("later", "Later")
                           .header("Edge+")
                           .footer("T&C");
    EXPECT_EQ(json::parse(reply.json()), json::parse(R"({"type":"interactive","interactive":{"type":"button",
                "header":{"type":"text","text":"Edge+"},"body":{"text":"Apply now?"},"footer":{"text":"T&C"},
                "action":{"buttons":[{"type":"reply","reply":{"id":"apply","title":"Apply"}},
                                     {"type":"reply","reply":{"id":"later","title":"Later"}}]}}})"));
}

TEST(ButtonsReply, keeps_whatsapp_s_limits) {
    ButtonsReply three("Which?");
    three.button("1", "one").button("2", "two").button("3", "three");
    EXPECT_EQ(refusal([&] { three.button("4", "four"); }), "buttons: WhatsApp takes 3");
    EXPECT_EQ(refusal([] { ButtonsReply("Which?").json(); }), "buttons: at least one is needed");
    EXPECT_EQ(refusal([] { ButtonsReply("x").button("a", std::string(21, 'x')); }),
              "button title: 21 characters, WhatsApp takes 20");
    EXPECT_EQ(refusal([] { ButtonsReply("x").button("a", "दस्तावेज़ अपलोड करें").json(); }), "accepted")
        << "characters are counted, not bytes";
    EXPECT_EQ(refusal([] { ButtonsReply("x").button("a", "A").button("a", "B"); }),
              "button id: \"a\" is there already");
    EXPECT_EQ(refusal([] { ButtonsReply("x").button("a", "A").button("b", "A"); }),
              "button title: \"A\" is there already");
    EXPECT_EQ(refusal([] { ButtonsReply("x").button("", "A"); }), "button id: must not be empty");
    EXPECT_EQ(refusal([] { ButtonsReply("x").button("a", "A\nB"); }), "button title: must be one line");
    EXPECT_EQ(refusal([] { ButtonsReply(std::string(1025, 'x')); }),
              "body: 1025 characters, WhatsApp takes 1024");
    EXPECT_EQ(refusal([] { ButtonsReply("x").footer(std::string(61, 'x')); }),
              "footer: 61 characters, WhatsApp takes 60");
}

TEST(ListReply, is_the_native_object) {
    const auto reply = ListReply("Pick one", "Open")
                           .section("Card")
                           .row("fees", "Fees", "Joining, annual")
                           .section("Bank")
                           .row("hours", "Hours")
                           .row("branches", "Branches")
                           .quote("wamid.B");
    EXPECT_EQ(
        json::parse(reply.json()),
        json::parse(R"({"type":"interactive","context":{"message_id":"wamid.B"},"interactive":{"type":"list",
                "body":{"text":"Pick one"},"action":{"button":"Open","sections":[
                  {"title":"Card","rows":[{"id":"fees","title":"Fees","description":"Joining, annual"}]},
                  {"title":"Bank","rows":[{"id":"hours","title":"Hours"},{"id":"branches","title":"Branches"}]}]}}})"));
}

TEST(ListReply, needs_no_title_for_one_section) {
    const auto sections =
        json::parse(ListReply("Pick", "Open").row("a", "A").json())["interactive"]["action"]["sections"];
    EXPECT_EQ(sections, json::parse(R"([{"rows":[{"id":"a","title":"A"}]}])"));
}

TEST(ListReply, keeps_whatsapp_s_limits) {
    ListReply ten("Pick", "Open");
    for (int i = 0; i < 10; ++i) ten.row(std::to_string(i), "row");
    EXPECT_EQ(refusal([&] { ten.row("10", "row"); }), "rows: WhatsApp takes 10 in all sections together");
    EXPECT_EQ(refusal([] { ListReply("Pick", "Open").json(); }), "rows: at least one is needed");
    EXPECT_EQ(refusal([] { ListReply("Pick", "Open").section("A").json(); }), "section \"A\": has no rows");
    EXPECT_EQ(refusal([] { ListReply("Pick", "Open").row("a", "A").section("B").row("b", "B").json(); }),
              "section title: needed for each of several");
    EXPECT_EQ(refusal([] { ListReply("Pick", "Open").row("a", "A").row("a", "B"); }),
              "row id: \"a\" is there already");
    EXPECT_EQ(refusal([] { ListReply("Pick", "Open").row("a", std::string(25, 'x')); }),
              "row title: 25 characters, WhatsApp takes 24");
    EXPECT_EQ(refusal([] { ListReply("Pick", "Open").row("a", "A", std::string(73, 'x')); }),
              "row description: 73 characters, WhatsApp takes 72");
    EXPECT_EQ(refusal([] { ListReply("Pick", std::string(21, 'x')); }),
              "list button: 21 characters, WhatsApp takes 20");
    EXPECT_EQ(refusal([] { ListReply("Pick", "Open").section(std::string(25, 'x')); }),
              "section title: 25 characters, WhatsApp takes 24");
}

}  // namespace
