// Replies with buttons and lists, as native WhatsApp objects; WhatsApp's limits are checked where they are
// built.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// What buttons and lists have in common.
class InteractiveParts {
  public:
    InteractiveParts(std::string body, std::size_t most) : body_(std::move(body)) {
        check_text("body", body_, most);
    }

    void set_header(std::string text) {
        check_line("header", text, 60);
        header_ = std::move(text);
    }
    void set_footer(std::string text) {
        check_text("footer", text, 60);
        footer_ = std::move(text);
    }
    void set_quoted(std::string wamid) { quoted_ = std::move(wamid); }

    std::string json(std::string_view type, std::string_view action) const {
        std::string out = R"({"type":"interactive")";
        if (!quoted_.empty()) out += R"(,"context":{"message_id":)" + json_string(quoted_) + '}';
        out += R"(,"interactive":{"type":)" + json_string(type);
        if (!header_.empty()) out += R"(,"header":{"type":"text","text":)" + json_string(header_) + '}';
        out += R"(,"body":{"text":)" + json_string(body_) + '}';
        if (!footer_.empty()) out += R"(,"footer":{"text":)" + json_string(footer_) + '}';
        out += R"(,"action":{)";
        out += action;
        return out + "}}}";
    }

  private:
    std::string body_, header_, footer_, quoted_;
};

}  // namespace detail

// A text that quotes a message or shows a link's preview; plain ones go with turn.reply("…").
class TextReply {
  public:
    explicit TextReply(std::string body) : body_(std::move(body)) { detail::check_text("body", body_, 4096); }

    TextReply& quote(std::string wamid) {
        quoted_ = std::move(wamid);
        return *this;
    }
    TextReply& preview_url(bool on = true) {
        preview_url_ = on;
        return *this;
    }

    std::string json() const {
        std::string out = R"({"type":"text")";
        if (!quoted_.empty()) out += R"(,"context":{"message_id":)" + json_string(quoted_) + '}';
        out += R"(,"text":{"body":)" + json_string(body_);
        if (preview_url_) out += R"(,"preview_url":true)";
        return out + "}}";
    }

  private:
    std::string body_, quoted_;
    bool preview_url_ = false;
};

// turn.reply(parley::ButtonsReply("Apply now?").button("apply", "Apply").button("later", "Later").footer("T&C
// apply"))
class ButtonsReply {
  public:
    explicit ButtonsReply(std::string body) : parts_(std::move(body), 1024) {}

    // 1 to 3; ids up to 256 characters, titles up to 20, both unique.
    ButtonsReply& button(std::string id, std::string title) {
        detail::check_text("button id", id, 256);
        detail::check_line("button title", title, 20);
        if (buttons_.size() == 3) throw ReplyError("buttons: WhatsApp takes 3");
        for (const auto& [other_id, other_title] : buttons_) {
            if (other_id == id) throw ReplyError("button id: \"" + id + "\" is there already");
            if (other_title == title) throw ReplyError("button title: \"" + title + "\" is there already");
        }
        buttons_.emplace_back(std::move(id), std::move(title));
        return *this;
    }
    ButtonsReply& header(std::string text) { return parts_.set_header(std::move(text)), *this; }
    ButtonsReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    ButtonsReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        if (buttons_.empty()) throw ReplyError("buttons: at least one is needed");
        std::string action;
        for (const auto& [id, title] : buttons_) {
            action +=
                action.empty() ? R"("buttons":[{"type":"reply","reply":{)" : R"(,{"type":"reply","reply":{)";
            detail::append_member(action, "id", id);
            detail::append_member(action, "title", title);
            action += "}}";
        }
        return parts_.json("button", action + ']');
    }

  private:
    detail::InteractiveParts parts_;
    std::vector<std::pair<std::string, std::string>> buttons_;
};

// turn.reply(parley::ListReply("Pick a topic", "Open").section("Card").row("fees", "Fees", "Joining and
// annual"))
class ListReply {
  public:
    // `button` opens the list: up to 20 characters.
    ListReply(std::string body, std::string button)
        : parts_(std::move(body), 4096), button_(std::move(button)) {
        detail::check_line("list button", button_, 20);
    }

    // Begins a section; the rows that follow belong to it. Without one, all rows are in one section without a
    // title.
    ListReply& section(std::string title) {
        detail::check_text("section title", title, 24);
        if (sections_.size() == 10) throw ReplyError("sections: WhatsApp takes 10");
        sections_.push_back({std::move(title), {}});
        return *this;
    }

    // 1 to 10 in all sections together; id up to 200 characters and unique, title 24, description 72.
    ListReply& row(std::string id, std::string title, std::string description = {}) {
        detail::check_text("row id", id, 200);
        detail::check_line("row title", title, 24);
        detail::check_text("row description", description, 72, true);
        if (ids_.size() == 10) throw ReplyError("rows: WhatsApp takes 10 in all sections together");
        for (const auto& other : ids_) {
            if (other == id) throw ReplyError("row id: \"" + id + "\" is there already");
        }
        if (sections_.empty()) sections_.push_back({});
        std::string& rows = sections_.back().rows;
        rows += rows.empty() ? "{" : ",{";
        detail::append_member(rows, "id", id);
        detail::append_member(rows, "title", title);
        if (!description.empty()) detail::append_member(rows, "description", description);
        rows += '}';
        ids_.push_back(std::move(id));
        return *this;
    }
    ListReply& header(std::string text) { return parts_.set_header(std::move(text)), *this; }
    ListReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    ListReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        if (sections_.empty()) throw ReplyError("rows: at least one is needed");
        std::string action = R"("button":)" + json_string(button_) + R"(,"sections":[)";
        for (const Section& section : sections_) {
            if (section.rows.empty()) throw ReplyError("section \"" + section.title + "\": has no rows");
            if (section.title.empty() && sections_.size() > 1)
                throw ReplyError("section title: needed for each of several");
            action += action.back() == '[' ? "{" : ",{";
            if (!section.title.empty()) detail::append_member(action, "title", section.title), action += ',';
            action += R"("rows":[)" + section.rows + "]}";
        }
        return parts_.json("list", action + ']');
    }

  private:
    struct Section {
        std::string title;
        std::string rows;  // JSON, without the brackets
    };

    detail::InteractiveParts parts_;
    std::string button_;
    std::vector<Section> sections_;
    std::vector<std::string> ids_;
};

}  // namespace parley
