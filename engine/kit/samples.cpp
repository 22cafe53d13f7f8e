#include "kit/samples.hpp"

#include <utility>

#include "base/json_text.hpp"

namespace parley::kit {
namespace {

using testing::Message;

Sample text(std::string name, std::string body, bool is_usual = true) {
    return {std::move(name), {.text = std::move(body)}, is_usual};
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string all;
    all.reserve(piece.size() * times);
    for (std::size_t i = 0; i < times; ++i) all += piece;
    return all;
}

void add_texts(std::vector<Sample>& all) {
    all.push_back(text("a greeting", "Hi"));
    all.push_back(text("a question", "What can you do for me?"));
    all.push_back(text("Hindi", "नमस्ते, मुझे एक क्रेडिट कार्ड चाहिए"));
    all.push_back(text("Hinglish", "mujhe card chahiye, kaise apply karu"));
    all.push_back(text("Arabic, written from the right", "مرحبا، كيف حالك؟"));
    all.push_back(text("Chinese", "你好，请问有什么可以帮忙的？"));
    all.push_back(text("emoji", "👍🏽 👨‍👩‍👧‍👦 🇮🇳 ❤️"));
    all.push_back(text("digits", "1234567890"));
    all.push_back(text("several lines", "first\nsecond\r\n\n\tthird"));
    all.push_back(text("JSON and quotes", R"({"a": "b\"c", "d": [1, null]} 'x' \ \u0000 %s %n)"));
    all.push_back(text("markup", "<script>alert(1)</script> & *bold* _italic_ ```code```"));
    all.push_back(text("an empty text", "", false));
    all.push_back(text("blanks", "   \n\t  ", false));
    all.push_back(text("4 KiB", repeated("a long text ", 341)));
    all.push_back(text("65 KiB", repeated("a very long text ", 3900), false));
    all.push_back(text("65 KiB without a blank", repeated("x", 65'000), false));
    all.push_back(text("marks without letters", repeated("\xCC\x81", 200), false));
    all.push_back(text("zero-width and direction marks", "\u200B\u202Eabc\u202C\uFEFF", false));
    all.push_back(text("a zero byte", std::string("a\0b", 3), false));
    all.push_back(text("control characters", "\x01\x02\x1b[31m\x7f", false));
    all.push_back(text("invalid UTF-8", "\xC3\x28 \xFF\xFE \xED\xA0\x80 \xF5\x80\x80\x80", false));
    all.push_back(text("half a character", "abc\xE0\xA4", false));
}

Sample native(std::string type, std::string content, std::string readable = {}) {
    Message message{.text = std::move(readable), .type = type};
    message.native_json = R"({"from":"919800000001","id":"wamid.sample","timestamp":"1790000000","type":)" +
                          json_string(type) + "," + content + "}";
    return {"a message of type " + type, std::move(message), true};
}

Sample tapped(std::string kind) {
    Sample one = native("interactive",
                        R"("interactive":{"type":")" + kind + R"(",")" + kind +
                            R"(":{"id":"kit-unknown-choice","title":"Yes"}})",
                        "Yes");
    one.name = "a tap (" + kind + ")";
    return one;
}

void add_types(std::vector<Sample>& all) {
    const std::string media =
        R"({"id":"1234567890","mime_type":"image/jpeg","sha256":"c2hh","caption":"Look"})";
    all.push_back(native("image", R"("image":)" + media, "Look"));
    all.push_back(native("video", R"("video":{"id":"1","mime_type":"video/mp4","sha256":"c2hh"})"));
    all.push_back(
        native("audio", R"("audio":{"id":"1","mime_type":"audio/ogg","sha256":"c2hh","voice":true})"));
    all.push_back(
        native("document", R"("document":{"id":"1","filename":"a.pdf","mime_type":"application/pdf"})"));
    all.push_back(native("sticker", R"("sticker":{"id":"1","mime_type":"image/webp","animated":false})"));
    all.push_back(
        native("location", R"("location":{"latitude":12.97,"longitude":77.59,"name":"Office"})", "Office"));
    all.push_back(
        native("contacts", R"("contacts":[{"name":{"formatted_name":"A","first_name":"A"}}])", "A"));
    all.push_back(tapped("button_reply"));
    all.push_back(tapped("list_reply"));
    all.push_back(native("button", R"("button":{"payload":"p","text":"Yes"})", "Yes"));
    all.push_back(native("order", R"("order":{"catalog_id":"1","product_items":[]})"));
    all.push_back(native("reaction", R"("reaction":{"message_id":"wamid.x","emoji":"👍"})"));
    all.push_back(native("unsupported", R"("errors":[{"code":131051,"title":"Message type unknown"}])"));
    all.push_back(native("hologram", R"("hologram":{"id":"a type of the future"})"));
    all.back().is_usual = false;
    all.push_back({"an unknown kind of event", {.text = "", .type = "", .kind = 99}, false});
    all.push_back({"a canonical message of {}", {.text = "Hi", .message_json = "{}"}, false});
    all.push_back({"a second try after a crash", {.text = "Hi", .attempt = 1}, true});
}

std::vector<Sample> make_samples() {
    std::vector<Sample> all;
    add_texts(all);
    add_types(all);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].message.sender = "9198" + std::to_string(10'000'000 + i);
    return all;
}

}  // namespace

const std::vector<Sample>& samples() {
    static const std::vector<Sample> all = make_samples();
    return all;
}

std::vector<Message> small_talk() {
    std::vector<Message> all;
    for (const char* line : {"Hi", "What can you do?", "Tell me more", "yes", "no", "Thank you, bye"})
        all.push_back({.text = line});
    return all;
}

}  // namespace parley::kit
