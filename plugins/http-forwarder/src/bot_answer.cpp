#include "bot_answer.hpp"

#include <parley/sdk/json.hpp>

namespace forwarder {
namespace {

using parley::Json;

// WhatsApp's own messages are at most 8 deep; writing JSON takes stack for each level.
constexpr int deepest = 32;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Json parse(std::string_view body) {
    const auto check_depth = [](int depth, Json::parse_event_t, const Json&) {
        if (depth > deepest) throw UnreadableAnswer("the bot's answer is nested more than 32 deep");
        return true;
    };
    Json answer = Json::parse(body, check_depth, false);
    if (answer.is_discarded()) throw UnreadableAnswer("the bot's answer is no JSON");
    if (!answer.is_object()) throw UnreadableAnswer("the bot's answer is JSON, but no object");
    return answer;
}

// The member, or nullptr where it is absent or null.
const Json* member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string read_text(const Json& value, const std::string& name) {
    if (!value.is_string()) throw UnreadableAnswer("the bot's answer: " + name + " must be a text");
    return value.get<std::string>();
}

std::string quoted_id(const Json& answer) {
    const Json* context = member(answer, "context");
    if (!context) return {};
    if (!context->is_object())
        throw UnreadableAnswer("the bot's answer: context must be null or {\"message_id\": \"…\"}");
    const Json* id = member(*context, "message_id");
    return id ? read_text(*id, "context.message_id") : std::string();
}

std::string to_native_text(const std::string& text, const std::string& quoted) {
    std::string native = R"({"type":"text")";
    if (!quoted.empty()) native += R"(,"context":{"message_id":)" + parley::json_string(quoted) + '}';
    return native + R"(,"text":{"body":)" + parley::json_string(text) + "}}";
}

std::vector<std::string> read_message(const Json& answer, const Json& message) {
    const std::string text = read_text(message, "message");
    if (is_blank(text)) return {};
    const Json* type = member(answer, "message_type");
    if (type && read_text(*type, "message_type") != "text")
        throw UnreadableAnswer(
            "the bot's answer: message_type must be text; send other types as native objects in messages");
    return {to_native_text(text, quoted_id(answer))};
}

std::vector<std::string> read_messages(const Json& messages) {
    if (!messages.is_array()) throw UnreadableAnswer("the bot's answer: messages must be an array");
    std::vector<std::string> natives;
    for (const Json& native : messages) {
        const Json* type = native.is_object() ? member(native, "type") : nullptr;
        if (!type || !type->is_string() || type->get_ref<const std::string&>().empty())
            throw UnreadableAnswer("the bot's answer: messages[" + std::to_string(natives.size()) +
                                   "] must be an object with a type");
        natives.push_back(native.dump());
    }
    return natives;
}

}  // namespace

std::vector<std::string> read_replies(std::string_view body) {
    if (is_blank(body)) return {};
    const Json answer = parse(body);
    const Json* message = member(answer, "message");
    const Json* messages = member(answer, "messages");
    if (!message && !messages) {
        // An explicit null says: nothing. Neither key is an answer to something else.
        if (answer.contains("message") || answer.contains("messages")) return {};
        throw UnreadableAnswer("the bot's answer has neither message nor messages");
    }
    if (!messages) return read_message(answer, *message);
    if (message && !read_message(answer, *message).empty())
        throw UnreadableAnswer("the bot's answer has both message and messages; it must have one of them");
    return read_messages(*messages);
}

}  // namespace forwarder
