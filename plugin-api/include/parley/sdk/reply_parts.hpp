// What the reply builders share: the check of WhatsApp's limits, and the parts of interactive messages.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <parley/sdk/text.hpp>

namespace parley {

// A reply that WhatsApp would refuse. Says which part is too long, too many, missing or repeated.
struct ReplyError : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

namespace detail {

inline void check_text(const char* what, std::string_view text, std::size_t most, bool may_be_empty = false) {
    if (text.empty() && !may_be_empty) throw ReplyError(std::string(what) + ": must not be empty");
    const std::size_t size = characters(text);
    if (size <= most) return;
    throw ReplyError(std::string(what) + ": " + std::to_string(size) + " characters, WhatsApp takes " +
                     std::to_string(most));
}

inline void check_line(const char* what, std::string_view text, std::size_t most) {
    check_text(what, text, most);
    if (text.find('\n') != std::string_view::npos) throw ReplyError(std::string(what) + ": must be one line");
}

inline void append_member(std::string& out, std::string_view name, std::string_view value) {
    if (!out.empty() && out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
}

// {"type":TYPE,TYPE:content}, quoting a message unless `quoted` is empty.
inline std::string native(std::string_view type, std::string_view content, std::string_view quoted) {
    std::string out = R"({"type":)" + json_string(type);
    if (!quoted.empty()) out += R"(,"context":{"message_id":)" + json_string(quoted) + '}';
    out += ',' + json_string(type) + ':';
    out += content;
    return out + '}';
}

// What interactive messages have in common.
class InteractiveParts {
  public:
    InteractiveParts(std::string body, std::size_t most) : body_(std::move(body)) {
        check_text("body", body_, most);
    }
    static InteractiveParts with_optional_body(std::string body, std::size_t most) {
        check_text("body", body, most, true);
        InteractiveParts parts;
        parts.body_ = std::move(body);
        return parts;
    }

    void set_header(std::string text) {
        check_line("header", text, 60);
        header_ = R"({"type":"text","text":)" + json_string(text) + '}';
    }
    void set_header_media(const std::string& type, const std::string& file) {
        header_ = R"({"type":")" + type + R"(",")" + type + "\":{" + file + "}}";
    }
    void set_footer(std::string text) {
        check_text("footer", text, 60);
        footer_ = std::move(text);
    }
    void set_quoted(std::string wamid) { quoted_ = std::move(wamid); }

    std::string json(std::string_view type, std::string_view action) const {
        std::string out = R"({"type":)" + json_string(type);
        if (!header_.empty()) out += R"(,"header":)" + header_;
        if (!body_.empty()) out += R"(,"body":{"text":)" + json_string(body_) + '}';
        if (!footer_.empty()) out += R"(,"footer":{"text":)" + json_string(footer_) + '}';
        out += R"(,"action":{)";
        out += action;
        return native("interactive", out + "}}", quoted_);
    }

  private:
    InteractiveParts() = default;

    std::string body_, footer_, quoted_;
    std::string header_;  // JSON
};

}  // namespace detail

}  // namespace parley
