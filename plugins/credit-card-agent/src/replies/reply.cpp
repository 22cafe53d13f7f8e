// Replies as WhatsApp's JSON.
#include "replies/reply.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace edge {
namespace {

constexpr std::size_t longest_interactive_body = 1024;
constexpr std::size_t longest_name = 40;

bool starts_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

}  // namespace

std::string native_message(const Reply& reply) {
    nlohmann::json message;
    if (reply.buttons.empty() || characters(reply.text) > longest_interactive_body) {
        message = {{"type", "text"}, {"text", {{"body", reply.text}}}};
    } else {
        nlohmann::json buttons = nlohmann::json::array();
        for (const Button& button : reply.buttons)
            buttons.push_back({{"type", "reply"}, {"reply", {{"id", button.id}, {"title", button.title}}}});
        message = {
            {"type", "interactive"},
            {"interactive",
             {{"type", "button"}, {"body", {{"text", reply.text}}}, {"action", {{"buttons", buttons}}}}}};
    }
    return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string greeting_name(std::string_view profile_name) {
    std::string out;
    std::size_t length = 0;
    int digits = 0;
    for (char c : profile_name) {
        if (starts_character(c) && ++length > longest_name) break;
        const bool mark = c == '*' || c == '_' || c == '~' || c == '`' || c == '{' || c == '}';
        if (mark || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            c = ' ';
        }
        digits += c >= '0' && c <= '9';
        if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return digits > 3 || out.find("://") != std::string::npos ? std::string() : out;
}

}  // namespace edge
