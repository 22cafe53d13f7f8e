// A reply with a list to choose from.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

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
