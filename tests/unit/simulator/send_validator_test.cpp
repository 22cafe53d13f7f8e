// One row per documented limit of a send.
#include "simulator/send_validator.hpp"

#include <gtest/gtest.h>

namespace parley::sim {
namespace {

Json framed(Json rest) {
    Json body{{"messaging_product", "whatsapp"}, {"to", "+919800000001"}};
    body.update(rest);
    return body;
}

Json interactive(const std::string& type, Json action) {
    return framed(
        {{"type", "interactive"},
         {"interactive", {{"type", type}, {"body", {{"text", "b"}}}, {"action", std::move(action)}}}});
}

Json button(const std::string& id, const std::string& title) {
    return {{"type", "reply"}, {"reply", {{"id", id}, {"title", title}}}};
}

Json buttons(std::vector<Json> list) {
    return interactive("button", {{"buttons", std::move(list)}});
}

Json rows(std::size_t count) {
    Json list = Json::array();
    for (std::size_t i = 0; i < count; ++i) list.push_back({{"id", "r" + std::to_string(i)}, {"title", "t"}});
    return list;
}

Json list_of(Json sections) {
    return interactive("list", {{"button", "Open"}, {"sections", std::move(sections)}});
}

struct Row {
    const char* what;
    Json body;
    int code;             // 0: accepted
    const char* mention;  // stands in the message or the details
};

std::vector<Row> frame_rows() {
    Json no_product = framed({{"type", "text"}, {"text", {{"body", "x"}}}});
    no_product.erase("messaging_product");
    Json no_to = framed({{"type", "text"}, {"text", {{"body", "x"}}}});
    no_to.erase("to");
    Json by_bsuid = no_to;
    by_bsuid["recipient"] = "IN.4812";
    const auto text = [](Json more) {
        Json body = framed({{"type", "text"}, {"text", {{"body", "x"}}}});
        body.update(more);
        return body;
    };
    return {
        {"a text", text(Json::object()), 0, ""},
        {"a text to a BSUID", by_bsuid, 0, ""},
        {"no type means text", framed({{"text", {{"body", "x"}}}}), 0, ""},
        {"no product", no_product, 100, "messaging_product is required"},
        {"no recipient", no_to, 100, "The parameter to is required"},
        {"spaces and dashes in to", text({{"to", "+91 98000-00001"}}), 0, ""},
        {"letters in to", text({{"to", "asha"}}), 131009, "to"},
        {"a number for to", text({{"to", 919800000001}}), 100, "must be a string"},
        {"an unknown key", text({{"biz_callback", "x"}}), 100, "Unexpected key \"biz_callback\""},
        {"512 of callback data", text({{"biz_opaque_callback_data", std::string(512, 'x')}}), 0, ""},
        {"513 of callback data", text({{"biz_opaque_callback_data", std::string(513, 'x')}}), 131009, "512"},
        {"a quote", text({{"context", {{"message_id", "wamid.A"}}}}), 0, ""},
        {"a quote of nothing", text({{"context", Json::object()}}), 131008, "context['message_id']"},
        {"an unknown type", framed({{"type", "poll"}}), 100, "got \"poll\""},
        {"a group", text({{"recipient_type", "group"}}), 100, "recipient_type"},
    };
}

std::vector<Row> text_and_media_rows() {
    std::string emoji;
    for (int i = 0; i < 2049; ++i) emoji += "\U0001F600";
    const auto text = [](Json value) { return framed({{"type", "text"}, {"text", std::move(value)}}); };
    const auto image = [](Json value) { return framed({{"type", "image"}, {"image", std::move(value)}}); };
    const auto place = [](Json latitude) {
        return framed(
            {{"type", "location"}, {"location", {{"latitude", std::move(latitude)}, {"longitude", "72.8"}}}});
    };
    return {
        {"4096 characters", text({{"body", std::string(4096, 'x')}}), 0, ""},
        {"4097 characters", text({{"body", std::string(4097, 'x')}}), 100, "at most 4096"},
        {"2049 emoji are 4098 units", text({{"body", emoji}}), 100, "at most 4096"},
        {"an empty text", text({{"body", ""}}), 100, "is required"},
        {"no body", text(Json::object()), 100, "text['body'] is required"},
        {"a number as body", text({{"body", 5}}), 100, "must be a string"},
        {"no text", framed({{"type", "text"}}), 131008, "text"},
        {"a misspelled key in text", text({{"body", "x"}, {"preview", true}}), 100,
         "Unexpected key \"preview\""},
        {"an image by link", image({{"link", "https://e.test/a.png"}, {"caption", "c"}}), 0, ""},
        {"an image without source", image(Json::object()), 131008, "image['id']"},
        {"an image with both", image({{"id", "1"}, {"link", "https://e.test/a"}}), 131009, "not both"},
        {"a link that is none", image({{"link", "ftp://e.test/a"}}), 131009, "image['link']"},
        {"a caption of 1025", image({{"id", "1"}, {"caption", std::string(1025, 'x')}}), 131009, "1024"},
        {"a caption on audio", framed({{"type", "audio"}, {"audio", {{"id", "1"}, {"caption", "c"}}}}), 100,
         "caption"},
        {"a location as text", place("19.07"), 0, ""},
        {"a location as number", place(19.07), 0, ""},
        {"a latitude beyond the pole", place(91), 131009, "latitude"},
        {"a latitude that is no number", place("north"), 131009, "latitude"},
        {"a reaction",
         framed({{"type", "reaction"}, {"reaction", {{"message_id", "wamid.A"}, {"emoji", ""}}}}), 0, ""},
        {"a reaction to nothing", framed({{"type", "reaction"}, {"reaction", {{"emoji", "x"}}}}), 131008,
         "message_id"},
        {"a template",
         framed({{"type", "template"}, {"template", {{"name", "n"}, {"language", {{"code", "en"}}}}}}), 0,
         ""},
        {"a template without language", framed({{"type", "template"}, {"template", {{"name", "n"}}}}), 131008,
         "language"},
        {"a contact with one name part",
         framed({{"type", "contacts"}, {"contacts", Json::array({{{"name", {{"formatted_name", "A"}}}}})}}),
         131008, "first_name"},
    };
}

std::vector<Row> interactive_rows() {
    Json long_body = buttons({button("a", "A")});
    long_body["interactive"]["body"]["text"] = std::string(1025, 'x');
    Json long_footer = buttons({button("a", "A")});
    long_footer["interactive"]["footer"] = {{"text", std::string(61, 'x')}};
    Json image_on_list = list_of(Json::array({{{"rows", rows(1)}}}));
    image_on_list["interactive"]["header"] = {{"type", "image"}, {"image", {{"id", "1"}}}};
    Json no_action = buttons({button("a", "A")});
    no_action["interactive"].erase("action");
    const auto link = [](const char* text, const char* url) {
        return interactive("cta_url",
                           {{"name", "cta_url"}, {"parameters", {{"display_text", text}, {"url", url}}}});
    };
    return {
        {"one button", buttons({button("a", "A")}), 0, ""},
        {"three buttons", buttons({button("a", "A"), button("b", "B"), button("c", "C")}), 0, ""},
        {"no button", buttons({}), 131009, "Max: 3"},
        {"four buttons", buttons({button("a", "A"), button("b", "B"), button("c", "C"), button("d", "D")}),
         131009, "Max: 3"},
        {"a title of 20", buttons({button("a", std::string(20, 'x'))}), 0, ""},
        {"a title of 21", buttons({button("a", std::string(21, 'x'))}), 131009,
         "buttons'][0]['reply']['title']"},
        {"the same title twice", buttons({button("a", "A"), button("b", "A")}), 131009, "Duplicated"},
        {"the same id twice", buttons({button("a", "A"), button("a", "B")}), 131009, "Duplicated"},
        {"a line break in a title", buttons({button("a", "A\nB")}), 131009, "New lines"},
        {"a blank title", buttons({button("a", "  ")}), 131009, "blank"},
        {"an empty id", buttons({button("", "A")}), 131009, "['id']"},
        {"a body of 1025", long_body, 131009, "1024"},
        {"a footer of 61", long_footer, 131009, "60"},
        {"no action", no_action, 131008, "interactive['action']"},
        {"ten rows", list_of(Json::array({{{"rows", rows(10)}}})), 0, ""},
        {"eleven rows", list_of(Json::array({{{"rows", rows(11)}}})), 131009, "Max: 10"},
        {"the same row id in two sections",
         list_of(Json::array({{{"title", "A"}, {"rows", rows(6)}}, {{"title", "B"}, {"rows", rows(6)}}})),
         131009, "Duplicated"},
        {"two sections without titles", list_of(Json::array({{{"rows", rows(1)}}, {{"rows", rows(1)}}})),
         131008, "['title']"},
        {"an image above a list", image_on_list, 131009, "Header type"},
        {"a link", link("Open", "https://e.test/"), 0, ""},
        {"a link with a long text", link("123456789012345678901", "https://e.test/"), 131009, "display_text"},
        {"a link to a script", link("Open", "javascript:alert(1)"), 131009, "url"},
        {"a location request", interactive("location_request_message", {{"name", "send_location"}}), 0, ""},
        {"an unknown interactive type", interactive("poll", Json::object()), 131009, "poll"},
    };
}

void check(const std::vector<Row>& table) {
    for (const Row& row : table) {
        const Complaint complaint = check_send(row.body);
        EXPECT_EQ(complaint ? complaint->code : 0, row.code)
            << row.what << ": " << (complaint ? complaint->details : "");
        if (!complaint) continue;
        EXPECT_NE((complaint->message + complaint->details).find(row.mention), std::string::npos) << row.what;
    }
}

TEST(SendValidator, checks_the_frame) {
    check(frame_rows());
}
TEST(SendValidator, checks_texts_and_media) {
    check(text_and_media_rows());
}
TEST(SendValidator, checks_interactive_content) {
    check(interactive_rows());
}

TEST(SendValidator, counts_rows_over_all_sections) {
    Json sections = Json::array();
    for (int i = 0; i < 2; ++i) {
        Json list = rows(6);
        for (Json& row : list) row["id"] = std::to_string(i) + row["id"].get<std::string>();
        sections.push_back({{"title", "S" + std::to_string(i)}, {"rows", list}});
    }
    const Complaint complaint = check_send(list_of(sections));
    ASSERT_TRUE(complaint);
    EXPECT_NE(complaint->details.find("Total row count"), std::string::npos);
}

TEST(SendValidator, accepts_read_receipts_with_and_without_typing) {
    Json body{{"messaging_product", "whatsapp"}, {"status", "read"}, {"message_id", "wamid.A"}};
    EXPECT_FALSE(check_read_receipt(body));
    body["typing_indicator"] = {{"type", "text"}};
    EXPECT_FALSE(check_read_receipt(body));
    body["typing_indicator"] = {{"type", "audio"}};
    EXPECT_EQ(check_read_receipt(body)->code, 100);
    body.erase("typing_indicator");
    body["message_id"] = "123";
    EXPECT_EQ(check_read_receipt(body)->code, 131009);
    body["status"] = "delivered";
    EXPECT_EQ(check_read_receipt(body)->code, 100);
}

TEST(GraphErrors, have_graphs_form) {
    const Json body = Json::parse(error_body(graph_error(131047), "Atrace"));
    EXPECT_EQ(body["error"]["message"], "(#131047) Re-engagement message");
    EXPECT_EQ(body["error"]["type"], "OAuthException");
    EXPECT_EQ(body["error"]["code"], 131047);
    EXPECT_EQ(body["error"]["error_data"]["messaging_product"], "whatsapp");
    EXPECT_NE(body["error"]["error_data"]["details"].get<std::string>().find("24 hours"), std::string::npos);
    EXPECT_EQ(body["error"]["fbtrace_id"], "Atrace");
    EXPECT_EQ(graph_error(131016).http_status, 500);
    EXPECT_EQ(graph_error(999999).http_status, 400);
    EXPECT_EQ(Json::parse(error_body(unknown_object("5"), "A"))["error"]["error_subcode"], 33);
    EXPECT_EQ(Json::parse(error_body(graph_error(2), "A"))["error"]["is_transient"], true);
}

TEST(GraphErrors, keep_the_header_on_one_line) {
    EXPECT_EQ(authenticate_header(parameter_error("a \"b\"\nc")).find('\n'), std::string::npos);
    EXPECT_NE(authenticate_header(parameter_error("a \"b\"")).find("\\\"b\\\""), std::string::npos);
}

}  // namespace
}  // namespace parley::sim
