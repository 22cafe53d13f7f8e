#include "whatsapp/message_limits.hpp"

#include <gtest/gtest.h>

#include "whatsapp/send_payload.hpp"

namespace parley {
namespace {

std::string broken(const std::string& message) {
    JsonDocument document;
    const auto parsed = document.parse(message);
    if (!parsed) return parsed.error().message();
    return find_broken_limit(*parsed).value_or("");
}

std::string letters(std::size_t count) {
    return std::string(count, 'x');
}

std::string interactive(const std::string& members) {
    return R"({"type":"interactive","interactive":{)" + members + "}}";
}

std::string button(const std::string& id, const std::string& title) {
    return R"({"type":"reply","reply":{"id":")" + id + R"(","title":")" + title + R"("}})";
}
std::string buttons(const std::string& list, const std::string& body = "b") {
    return interactive(R"("type":"button","body":{"text":")" + body + R"("},"action":{"buttons":[)" + list +
                       "]}");
}

std::string rows(std::size_t count, std::size_t from = 0) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += (i > 0 ? "," : "") + (R"({"id":")" + std::to_string(from + i)) + R"(","title":"t"})";
    return list;
}
std::string list_of(const std::string& sections, const std::string& more = "") {
    return interactive(R"("type":"list","body":{"text":"b"},)" + more +
                       R"("action":{"button":"Open","sections":[)" + sections + "]}");
}

TEST(MessageLimits, of_a_text) {
    const auto text = [](const std::string& body) {
        return R"({"type":"text","text":{"body":")" + body + R"("}})";
    };
    EXPECT_EQ(broken(text(letters(4096))), "");
    EXPECT_EQ(broken(text(letters(4097))), "text.body: 4097 characters, at most 4096");
    EXPECT_EQ(broken(text("")), "text.body: is empty");
    EXPECT_EQ(broken(R"({"type":"text","text":{"body":5}})"), "text.body: must be a text");
    EXPECT_EQ(broken(R"({"type":"text"})"), "text.body: is missing");
    std::string emoji;
    for (int i = 0; i < 2049; ++i) emoji += "😀";
    EXPECT_EQ(broken(text(emoji)), "text.body: 4098 characters, at most 4096");
}

TEST(MessageLimits, of_media) {
    for (const std::string type : {"image", "video", "document"}) {
        const auto media = [&](const std::string& members) {
            return R"({"type":")" + type + R"(",")" + type + R"(":{)" + members + "}}";
        };
        EXPECT_EQ(broken(media(R"("id":"1","caption":")" + letters(1024) + "\"")), "");
        EXPECT_EQ(broken(media(R"("link":"https://a.test/x","caption":")" + letters(1025) + "\"")),
                  type + ".caption: 1025 characters, at most 1024");
        EXPECT_EQ(broken(media(R"("id":"1","link":"https://a.test/x")")), type + ": needs either id or link");
        EXPECT_EQ(broken(media("")), type + ": needs either id or link");
    }
    EXPECT_EQ(broken(R"({"type":"audio","audio":{"id":"1","caption":"c"}})"),
              "audio.caption: audio takes none");
    EXPECT_EQ(broken(R"({"type":"sticker"})"), "sticker: is missing");
}

TEST(MessageLimits, of_buttons) {
    EXPECT_EQ(broken(buttons(button("a", "A") + "," + button("b", "B") + "," + button("c", "C"))), "");
    EXPECT_EQ(broken(buttons(button("a", "A") + "," + button("b", "B") + "," + button("c", "C") + "," +
                             button("d", "D"))),
              "interactive.action.buttons: 4 elements, at most 3");
    EXPECT_EQ(broken(buttons("")), "interactive.action.buttons: is empty");
    EXPECT_EQ(broken(buttons(button("a", "A") + "," + button("b", letters(21)))),
              "interactive.action.buttons[1].reply.title: 21 characters, at most 20");
    EXPECT_EQ(broken(buttons(button("a", "A") + "," + button("b", "A"))),
              "interactive.action.buttons[1].reply.title: is the same as another one");
    EXPECT_EQ(broken(buttons(button("a", "A") + "," + button("a", "B"))),
              "interactive.action.buttons[1].reply.id: is the same as another one");
    EXPECT_EQ(broken(buttons(button("a", R"(two\nlines)"))),
              "interactive.action.buttons[0].reply.title: has a line break");
    EXPECT_EQ(broken(buttons(button(letters(257), "A"))),
              "interactive.action.buttons[0].reply.id: 257 characters, at most 256");
    EXPECT_EQ(broken(buttons(button("a", "A"), letters(1025))),
              "interactive.body.text: 1025 characters, at most 1024");
    EXPECT_EQ(broken(R"({"type":"interactive"})"), "interactive: is missing");
}

TEST(MessageLimits, of_lists) {
    EXPECT_EQ(broken(list_of(R"({"rows":[)" + rows(10) + "]}")), "");
    EXPECT_EQ(broken(list_of(R"({"title":"A","rows":[)" + rows(6) + R"(]},{"title":"B","rows":[)" +
                             rows(5, 6) + "]}")),
              "interactive.action.sections: 11 rows in all, at most 10");
    EXPECT_EQ(broken(list_of(R"({"title":"A","rows":[)" + rows(1) + R"(]},{"rows":[)" + rows(1, 1) + "]}")),
              "interactive.action.sections[1].title: is missing, and several sections need one each");
    EXPECT_EQ(broken(list_of(R"({"title":"A","rows":[)" + rows(1) + R"(]},{"title":"B","rows":[)" + rows(1) +
                             "]}")),
              "interactive.action.sections[1].rows[0].id: is the same as another one");
    EXPECT_EQ(broken(list_of(R"({"rows":[{"id":"a","title":")" + letters(25) + "\"}]}")),
              "interactive.action.sections[0].rows[0].title: 25 characters, at most 24");
    EXPECT_EQ(broken(list_of(R"({"rows":[{"id":"a","title":"t","description":")" + letters(73) + "\"}]}")),
              "interactive.action.sections[0].rows[0].description: 73 characters, at most 72");
    EXPECT_EQ(
        broken(list_of(R"({"rows":[)" + rows(1) + "]}", R"("header":{"type":"image","image":{"id":"1"}},)")),
        "interactive.header.type: a list takes text only");
    EXPECT_EQ(
        broken(list_of(R"({"rows":[)" + rows(1) + "]}", R"("footer":{"text":")" + letters(61) + R"("},)")),
        "interactive.footer.text: 61 characters, at most 60");
}

TEST(MessageLimits, of_other_interactive_messages) {
    EXPECT_EQ(
        broken(interactive(
            R"("type":"cta_url","body":{"text":"b"},"action":{"name":"cta_url","parameters":{"display_text":"Open","url":"https://a.test"}})")),
        "");
    EXPECT_EQ(
        broken(interactive(
            R"("type":"cta_url","body":{"text":"b"},"action":{"name":"cta_url","parameters":{"display_text":"Open"}})")),
        "interactive.action.parameters.url: is missing");
    EXPECT_EQ(
        broken(interactive(R"("type":"location_request_message","body":{"text":"b"},"footer":{"text":"f"})")),
        "interactive.footer: location_request_message takes none");
    EXPECT_EQ(
        broken(interactive(R"("type":"carousel","body":{"text":"b"},"action":{"cards":[{"card_index":0}]})")),
        "interactive.action.cards: 1 element, at least 2");
    EXPECT_EQ(
        broken(interactive(
            R"("type":"flow","body":{"text":"b"},"action":{"name":"flow","parameters":{"flow_message_version":"3"}})")),
        "interactive.action.parameters.flow_cta: is missing");
    std::string items;
    for (int i = 0; i < 16; ++i) items += (i > 0 ? "," : "") + std::string(R"({"product_retailer_id":"s"})");
    EXPECT_EQ(
        broken(interactive(
            R"("type":"product_list","header":{"type":"text","text":"h"},"body":{"text":"b"},"action":{"catalog_id":"1","sections":[{"title":"a","product_items":[)" +
            items + R"(]},{"title":"b","product_items":[)" + items + "]}]}")),
        "interactive.action.sections: 32 product_items in all, at most 30");
}

TEST(MessageLimits, of_templates_reactions_contacts_and_places) {
    EXPECT_EQ(broken(R"({"type":"template","template":{"name":"hello","language":{"code":"en"}}})"), "");
    EXPECT_EQ(broken(R"({"type":"template","template":{"name":"hello"}})"),
              "template.language.code: is missing");
    EXPECT_EQ(broken(R"({"type":"reaction","reaction":{"message_id":"wamid.1","emoji":""}})"), "");
    EXPECT_EQ(broken(R"({"type":"reaction","reaction":{"emoji":""}})"), "reaction.message_id: is missing");
    EXPECT_EQ(broken(R"({"type":"contacts","contacts":[{"name":{"first_name":"A"}}]})"),
              "contacts[0].name.formatted_name: is missing");
    EXPECT_EQ(broken(R"({"type":"location","location":{"latitude":1}})"), "location.longitude: is missing");
}

TEST(MessageLimits, let_pass_what_is_not_known_here) {
    EXPECT_EQ(broken(R"({"type":"hologram","hologram":{}})"), "");
    EXPECT_EQ(broken(interactive(R"("type":"hologram")")), "");
}

TEST(MessageLimits, are_checked_after_a_long_text_is_split) {
    const auto parts = to_messages(R"({"type":"text","text":{"body":")" + letters(5000) + R"("}})");
    ASSERT_TRUE(parts) << parts.error().message();
    EXPECT_EQ(parts->size(), 2U);
    const auto refused = to_messages(buttons(button("a", letters(21))));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message(),
              "interactive.action.buttons[0].reply.title: 21 characters, at most 20");
}

}  // namespace
}  // namespace parley
