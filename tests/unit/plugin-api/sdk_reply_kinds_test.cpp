// The builders of replies that carry more than text: the native objects, their limits, and that Graph would take them.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <parley/sdk/reply.hpp>

#include "simulator/send_validator.hpp"
#include "unit/plugin-api/reply_refusal.hpp"
#include "whatsapp/message_limits.hpp"

namespace {

using nlohmann::json;
using parley::Media;
using parley::MediaReply;

// The native object, once the engine and the simulator have found nothing wrong with it.
template <class Reply>
json built(const Reply& reply) {
    const std::string text = reply.json();
    parley::JsonDocument document;
    const auto parsed = document.parse(text);
    if (!parsed) throw std::logic_error("no JSON: " + text);
    EXPECT_EQ(parley::find_broken_limit(*parsed).value_or(""), "") << text;
    auto body = parley::sim::Json::parse(text);
    body["messaging_product"] = "whatsapp";
    body["to"] = "+919800000001";
    const auto complaint = parley::sim::check_send(body);
    EXPECT_EQ(complaint ? complaint->message + " " + complaint->details : "", "") << text;
    return json::parse(text);
}

std::string letters(std::size_t count) {
    return std::string(count, 'x');
}

TEST(MediaReply, is_the_native_object_of_each_kind) {
    EXPECT_EQ(built(MediaReply::image(Media::by_id("1")).caption("c").quote("wamid.A")),
              json::parse(
                  R"({"type":"image","context":{"message_id":"wamid.A"},"image":{"id":"1","caption":"c"}})"));
    EXPECT_EQ(
        built(MediaReply::document(Media::by_link("https://a.test/t.pdf")).filename("Terms.pdf")),
        json::parse(
            R"({"type":"document","document":{"link":"https://a.test/t.pdf","filename":"Terms.pdf"}})"));
    EXPECT_EQ(built(MediaReply::audio(Media::by_id("2")).voice()),
              json::parse(R"({"type":"audio","audio":{"id":"2","voice":true}})"));
    EXPECT_EQ(built(MediaReply::video(Media::by_id("3")))["type"], "video");
    EXPECT_EQ(built(MediaReply::sticker(Media::by_id("4")))["type"], "sticker");
}

TEST(MediaReply, keeps_whatsapp_s_limits) {
    EXPECT_EQ(refusal([] { MediaReply::image(Media::by_id("1")).caption(letters(1025)); }),
              "caption: 1025 characters, WhatsApp takes 1024");
    EXPECT_EQ(refusal([] { MediaReply::audio(Media::by_id("1")).caption("c"); }),
              "caption: audio takes none");
    EXPECT_EQ(refusal([] { MediaReply::image(Media::by_id("1")).filename("f"); }),
              "filename: image takes none");
    EXPECT_EQ(refusal([] { MediaReply::video(Media::by_id("1")).voice(); }), "voice: video cannot be one");
    EXPECT_EQ(refusal([] { Media::by_id(""); }), "id: must not be empty");
}

TEST(LocationReply, is_the_native_object) {
    EXPECT_EQ(built(parley::LocationReply(19.076, -72.8777).name("Branch").address("12 MG Road")),
              json::parse(R"({"type":"location","location":{"latitude":"19.0760000","longitude":"-72.8777000",
                              "name":"Branch","address":"12 MG Road"}})"));
    EXPECT_EQ(refusal([] { parley::LocationReply(91, 0); }), "latitude: must be from -90 to 90");
    EXPECT_EQ(refusal([] { parley::LocationReply(0, std::stod("nan")); }),
              "longitude: must be from -180 to 180");
    EXPECT_EQ(built(parley::LocationRequestReply("Where are you?")),
              json::parse(R"({"type":"interactive","interactive":{"type":"location_request_message",
                              "body":{"text":"Where are you?"},"action":{"name":"send_location"}}})"));
}

TEST(ContactsReply, is_the_native_object) {
    const auto cards = parley::ContactsReply()
                           .contact("Acme Support", "Acme")
                           .phone("+911800000000", "WORK", "911800000000")
                           .phone("+911800000001")
                           .email("help@a.test", "WORK")
                           .organization("Acme")
                           .contact("Ravi \"R\" Rao", "Ravi");
    EXPECT_EQ(built(cards), json::parse(R"({"type":"contacts","contacts":[
        {"name":{"formatted_name":"Acme Support","first_name":"Acme"},
         "phones":[{"phone":"+911800000000","type":"WORK","wa_id":"911800000000"},{"phone":"+911800000001"}],
         "emails":[{"email":"help@a.test","type":"WORK"}],"org":{"company":"Acme"}},
        {"name":{"formatted_name":"Ravi \"R\" Rao","first_name":"Ravi"}}]})"));
    EXPECT_EQ(refusal([] { parley::ContactsReply().json(); }), "contacts: at least one is needed");
    EXPECT_EQ(refusal([] { parley::ContactsReply().phone("1"); }),
              "contact: must come before what belongs to it");
}

TEST(ReactionReply, is_the_native_object) {
    EXPECT_EQ(built(parley::ReactionReply("wamid.A", "👍")),
              json::parse(R"({"type":"reaction","reaction":{"message_id":"wamid.A","emoji":"👍"}})"));
    EXPECT_EQ(built(parley::ReactionReply("wamid.A", ""))["reaction"]["emoji"], "");
    EXPECT_EQ(refusal([] { parley::ReactionReply("", "👍"); }), "message id: must not be empty");
}

TEST(LinkReply, is_the_native_object) {
    EXPECT_EQ(built(parley::LinkReply("Two minutes.", "Open the form", "https://a.test/f")
                        .header_image(Media::by_link("https://a.test/h.png"))
                        .footer("T&C")),
              json::parse(R"({"type":"interactive","interactive":{"type":"cta_url",
                "header":{"type":"image","image":{"link":"https://a.test/h.png"}},"body":{"text":"Two minutes."},
                "footer":{"text":"T&C"},"action":{"name":"cta_url",
                "parameters":{"display_text":"Open the form","url":"https://a.test/f"}}}})"));
    EXPECT_EQ(refusal([] { parley::LinkReply("b", letters(21), "https://a.test"); }),
              "button: 21 characters, WhatsApp takes 20");
}

TEST(AddressReply, is_the_native_object) {
    const json asked = built(parley::AddressReply("Where to?")
                                 .value("name", "Asha \"A\"")
                                 .value("in_pin_code", "400063")
                                 .saved("a1", R"({"in_pin_code":"400063"})")
                                 .saved("a2", R"({"in_pin_code":"560001"})")
                                 .error("in_pin_code", "not served")
                                 .footer("Jupiter"));
    EXPECT_EQ(asked["interactive"]["type"], "address_message");
    EXPECT_EQ(asked["interactive"]["body"]["text"], "Where to?");
    const json& action = asked["interactive"]["action"];
    EXPECT_EQ(action["name"], "address_message");
    EXPECT_EQ(action["parameters"]["country"], "IN");
    EXPECT_EQ(action["parameters"]["values"], (json{{"name", "Asha \"A\""}, {"in_pin_code", "400063"}}));
    EXPECT_EQ(action["parameters"]["saved_addresses"][1]["id"], "a2");
    EXPECT_EQ(action["parameters"]["saved_addresses"][0]["value"]["in_pin_code"], "400063");
    EXPECT_EQ(action["parameters"]["validation_errors"]["in_pin_code"], "not served");
    const json plain = built(parley::AddressReply("Where to?"));
    EXPECT_EQ(plain["interactive"]["action"]["parameters"], (json{{"country", "IN"}}));
}

TEST(FlowReply, is_the_native_object) {
    EXPECT_EQ(
        built(parley::FlowReply("Your address, please.", "Enter it", "66")
                  .token("t")
                  .screen("A", R"({"k":"v"})")),
        json::parse(
            R"({"type":"interactive","interactive":{"type":"flow","body":{"text":"Your address, please."},
                "action":{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"66","flow_cta":"Enter it",
                "flow_token":"t","flow_action":"navigate","flow_action_payload":{"screen":"A","data":{"k":"v"}}}}}})"));
    const json asked = built(parley::FlowReply("b", "Go", "66").draft());
    EXPECT_EQ(asked["interactive"]["action"]["parameters"]["flow_action"], "data_exchange");
    EXPECT_EQ(asked["interactive"]["action"]["parameters"]["mode"], "draft");
}

TEST(ProductReply, is_the_native_object) {
    EXPECT_EQ(built(parley::ProductReply("400", "sku-1")),
              json::parse(R"({"type":"interactive","interactive":{"type":"product",
                              "action":{"catalog_id":"400","product_retailer_id":"sku-1"}}})"));
    EXPECT_EQ(
        built(parley::ProductListReply("Cards", "Which?", "400").section("Free").product("a").product("b")),
        json::parse(R"({"type":"interactive","interactive":{"type":"product_list",
                "header":{"type":"text","text":"Cards"},"body":{"text":"Which?"},"action":{"catalog_id":"400",
                "sections":[{"title":"Free","product_items":[{"product_retailer_id":"a"},{"product_retailer_id":"b"}]}]}}})"));
    parley::ProductListReply full("h", "b", "400");
    full.section("s");
    for (int i = 0; i < 30; ++i) full.product(std::to_string(i));
    EXPECT_EQ(refusal([&] { full.product("one more"); }),
              "products: WhatsApp takes 30 in all sections together");
    EXPECT_EQ(refusal([] { parley::ProductListReply("h", "b", "400").product("a"); }),
              "section: must come before its products");
}

TEST(CarouselReply, is_the_native_object) {
    parley::CarouselReply cards("Our cards");
    cards.card(Media::by_link("https://a.test/1.png"), "Edge+", "Open", "https://a.test/1");
    EXPECT_EQ(refusal([&] { cards.json(); }), "cards: at least two are needed");
    cards.card(Media::by_id("2"), "Edge", "Open", "https://a.test/2");
    const json native = built(cards);
    EXPECT_EQ(native["interactive"]["action"]["cards"][1], json::parse(R"({"card_index":1,"type":"cta_url",
        "header":{"type":"image","image":{"id":"2"}},"body":{"text":"Edge"},
        "action":{"name":"cta_url","parameters":{"display_text":"Open","url":"https://a.test/2"}}})"));
    EXPECT_EQ(refusal([&] { cards.card(Media::by_id("3"), letters(161), "Open", "u"); }),
              "card text: 161 characters, WhatsApp takes 160");
}

TEST(TemplateReply, is_the_native_object) {
    EXPECT_EQ(
        built(parley::TemplateReply("card_ready", "en_US")),
        json::parse(R"({"type":"template","template":{"name":"card_ready","language":{"code":"en_US"}}})"));
    const auto full = parley::TemplateReply("card_ready", "hi")
                          .header_image(Media::by_id("9"))
                          .body("Asha")
                          .body("amount", "42")
                          .quick_reply(0, "yes_42")
                          .url_button(1, "track/42")
                          .copy_code(2, "SAVE20")
                          .flow_button(3, "ft");
    EXPECT_EQ(built(full)["template"]["components"], json::parse(R"([
        {"type":"header","parameters":[{"type":"image","image":{"id":"9"}}]},
        {"type":"body","parameters":[{"type":"text","text":"Asha"},{"type":"text","parameter_name":"amount","text":"42"}]},
        {"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"yes_42"}]},
        {"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"track/42"}]},
        {"type":"button","sub_type":"copy_code","index":"2","parameters":[{"type":"coupon_code","coupon_code":"SAVE20"}]},
        {"type":"button","sub_type":"flow","index":"3","parameters":[{"type":"action","action":{"flow_token":"ft"}}]}])"));
    EXPECT_EQ(refusal([] { parley::TemplateReply("t", "en").copy_code(0, letters(21)); }),
              "code: 21 characters, WhatsApp takes 20");
}

}  // namespace
