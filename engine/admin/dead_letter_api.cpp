#include "admin/dead_letter_api.hpp"

#include "admin/list_query.hpp"
#include "base/utc_text.hpp"

namespace parley {
namespace {

std::string message_id_of(const DeadLetterRecord& letter) {
    return letter.inbound ? message_id(ItemSeq{letter.message}) : message_id(OutboundId{letter.message});
}

Result<std::int64_t> number_of(const ApiCall& call) {
    if (const auto checked = has_only(call.query, {}); !checked) return checked.error();
    const auto number = read_number_cursor(call.path.at(0));
    if (!number || *number == 0) return Error(Errc::not_found, "there is no dead letter " + call.path.at(0));
    return *number;
}

}  // namespace

void DeadLetterApi::add_pages(ApiPages pages) {
    const auto add = [&](std::string_view method, std::string_view pattern, ApiScope scope,
                         HttpResponse (DeadLetterApi::*answer)(const ApiCall&) const) {
        pages.add(method, pattern, scope,
                  [this, answer](const ApiCall& call) { return (this->*answer)(call); });
    };
    add("GET", "/api/dead-letters", ApiScope::read, &DeadLetterApi::list);
    add("GET", "/api/dead-letters/{letter}", ApiScope::read, &DeadLetterApi::one);
    add("POST", "/api/dead-letters/{letter}/retry", ApiScope::send, &DeadLetterApi::retry);
    add("DELETE", "/api/dead-letters/{letter}", ApiScope::admin, &DeadLetterApi::drop);
}

Result<std::optional<HistoryRow>> DeadLetterApi::message_of(const DeadLetterRecord& letter) const {
    if (letter.inbound) {
        auto item = view_.history.item(ItemSeq{letter.message});
        if (!item) return item.error();
        return *item ? std::optional<HistoryRow>(std::move(**item)) : std::nullopt;
    }
    auto message = view_.history.outbound(OutboundId{letter.message});
    if (!message) return message.error();
    return *message ? std::optional<HistoryRow>(std::move(**message)) : std::nullopt;
}

Result<Json> DeadLetterApi::to_row(const DeadLetterRecord& letter, bool whole) const {
    const auto message = message_of(letter);
    if (!message) return message.error();
    const Json shown = *message ? shown_.placed(**message) : Json::object();
    const auto part = [&](const char* name) { return shown.contains(name) ? shown[name] : Json(); };
    Json row{{"id", letter.id},
             {"direction", letter.inbound ? "in" : "out"},
             {"message", message_id_of(letter)},
             {"deployment", part("deployment")},
             {"phone_number_id", part("phone_number_id")},
             {"user", part("user")},
             {"at", to_utc_text(letter.at)},
             {"reason", letter.letter.reason},
             {"detail", letter.letter.detail}};
    if (whole) row["message_object"] = *message ? shown_.of(**message) : Json();
    return row;
}

HttpResponse DeadLetterApi::list(const ApiCall& call) const {
    const auto list = read_list(call.query);
    if (!list) return to_problem(list.error());
    const auto before = read_number_cursor(list->after);
    if (!before) return to_problem(before.error());
    const auto letters = letters_.list(*before, list->limit);
    if (!letters) return to_problem(letters.error());
    Json data = Json::array();
    for (const DeadLetterRecord& letter : *letters) {
        auto row = to_row(letter, false);
        if (!row) return to_problem(row.error());
        data.push_back(std::move(*row));
    }
    const bool is_end = letters->size() < list->limit;
    return list_response(std::move(data), is_end ? "" : std::to_string(letters->back().id));
}

HttpResponse DeadLetterApi::one(const ApiCall& call) const {
    const auto number = number_of(call);
    if (!number) return to_problem(number.error());
    const auto letter = letters_.find(*number);
    if (!letter) return to_problem(letter.error());
    const auto row = to_row(*letter, true);
    return row ? json_response(200, *row) : to_problem(row.error());
}

HttpResponse DeadLetterApi::retry(const ApiCall& call) const {
    const auto number = number_of(call);
    if (!number) return to_problem(number.error());
    const auto letter = letters_.find(*number);
    if (!letter) return to_problem(letter.error());
    if (const auto done = letters_.retry(*number); !done) return to_problem(done.error());
    return json_response(202, {{"id", *number}, {"message", message_id_of(*letter)}, {"status", "queued"}});
}

HttpResponse DeadLetterApi::drop(const ApiCall& call) const {
    const auto number = number_of(call);
    if (!number) return to_problem(number.error());
    if (const auto done = letters_.drop(*number); !done) return to_problem(done.error());
    return json_response(200, {{"id", *number}, {"status", "dropped"}});
}

}  // namespace parley
