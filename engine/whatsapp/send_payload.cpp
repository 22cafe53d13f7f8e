#include "whatsapp/send_payload.hpp"

#include <algorithm>
#include <array>

#include "base/json_text.hpp"
#include "whatsapp/json_document.hpp"
#include "whatsapp/message_limits.hpp"
#include "whatsapp/text_split.hpp"

namespace parley {
namespace {

constexpr std::array<std::string_view, 5> frame{"messaging_product", "recipient_type", "to", "recipient",
                                                "biz_opaque_callback_data"};

bool is_frame(const JsonValue& member) {
    return std::any_of(frame.begin(), frame.end(),
                       [&](std::string_view name) { return member.has_key(name); });
}

// Without '+' Graph may put the business' own country code in front.
void append_recipient(std::string& out, const Recipient& to) {
    if (to.wa_id.empty()) {
        out += R"(,"recipient":)";
        append_json_string(out, to.user_id);
    } else {
        out += R"(,"to":)";
        append_json_string(out, to.wa_id.front() == '+' ? to.wa_id : "+" + to.wa_id);
    }
}

Result<PreparedMessage> prepared(const std::string& native_json) {
    thread_local JsonDocument document;
    const auto message = document.parse(native_json);
    if (!message) return message.error().within("the message");
    if (auto broken = find_broken_limit(*message)) return Error(Errc::invalid_input, std::move(*broken));
    return PreparedMessage{native_json, (*message)["biz_opaque_callback_data"].text()};
}

}  // namespace

Result<std::vector<PreparedMessage>> to_messages(const std::string& native_json) {
    auto whole = prepared(native_json);
    std::vector<PreparedMessage> messages;
    if (whole) {
        messages.push_back(std::move(*whole));
        return messages;
    }
    const std::vector<std::string> parts = split_text_reply(native_json);
    if (parts.size() < 2) return whole.error();
    for (const std::string& part : parts) {
        auto message = prepared(part);
        if (!message) return message.error();
        messages.push_back(std::move(*message));
    }
    return messages;
}

Result<std::string> to_graph_body(const OutboundMessage& message) {
    if (message.to.wa_id.empty() && message.to.user_id.empty()) {
        return Error(Errc::invalid_input, "the message has no recipient");
    }
    thread_local JsonDocument document;
    const auto native = document.parse(message.payload_json);
    if (!native) return native.error().within("the message");
    if (!native->is_object()) return Error(Errc::invalid_input, "the message is no JSON object");
    if (auto broken = find_broken_limit(*native)) return Error(Errc::invalid_input, std::move(*broken));

    std::string out;
    out.reserve(message.payload_json.size() + 192);
    out += R"({"messaging_product":"whatsapp","recipient_type":"individual")";
    append_recipient(out, message.to);
    if (!message.callback.empty()) {
        out += R"(,"biz_opaque_callback_data":)";
        append_json_string(out, message.callback);
    }
    for (const JsonValue member : *native) {
        if (is_frame(member)) continue;
        out.append(",").append(member.raw_key()).append(":").append(member.raw());
    }
    return out += '}';
}

bool is_template(const std::string& native_json) {
    thread_local JsonDocument document;
    const auto native = document.parse(native_json);
    return native && (*native)["type"].plain_text() == "template";
}

std::string to_presence_body(const MessageId& message, bool typing) {
    std::string out = R"({"messaging_product":"whatsapp","status":"read","message_id":)";
    append_json_string(out, message.str());
    if (typing) out += R"(,"typing_indicator":{"type":"text"})";
    return out += '}';
}

}  // namespace parley
