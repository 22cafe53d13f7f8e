#include "admin/outbox_api.hpp"

#include "admin/list_query.hpp"
#include "base/utc_text.hpp"

namespace parley {
namespace {

// `34` as in the list, or `out-34`.
Result<OutboundId> named(const ApiCall& call) {
    if (const auto checked = has_only(call.query, {}); !checked) return checked.error();
    const std::string& text = call.path.at(0);
    if (const auto id = outbound_id_of(text)) return *id;
    const auto number = read_number_cursor(text);
    if (!number || *number == 0) return Error(Errc::not_found, "there is no message " + text);
    return OutboundId{*number};
}

HttpResponse decided(int status, OutboundId id, const char* word) {
    return json_response(status, {{"id", to_int(id)}, {"message", message_id(id)}, {"status", word}});
}

}  // namespace

void OutboxApi::add_pages(ApiPages pages) {
    const auto add = [&](std::string_view method, std::string_view pattern, ApiScope scope,
                         HttpResponse (OutboxApi::*answer)(const ApiCall&) const) {
        pages.add(method, pattern, scope,
                  [this, answer](const ApiCall& call) { return (this->*answer)(call); });
    };
    add("GET", "/api/outbox", ApiScope::read, &OutboxApi::list);
    add("POST", "/api/outbox/{message}/send", ApiScope::send, &OutboxApi::send);
    add("POST", "/api/outbox/{message}/cancel", ApiScope::send, &OutboxApi::cancel);
}

Json OutboxApi::to_row(const HeldMessage& message, OutboundState state) const {
    const DeploymentPtr deployment = ports_.accounts.by_channel(message.channel);
    return {{"id", to_int(message.id)},
            {"message", message_id(message.id)},
            {"state", to_string(state)},
            {"deployment", deployment ? Json(deployment->id.str()) : Json()},
            {"phone_number_id", message.channel.str()},
            {"to", message.to.wa_id.empty() ? message.to.user_id : message.to.wa_id},
            {"callback", message.callback},
            {"since", to_utc_text(message.since)},
            {"reason", message.reason}};
}

Result<HistoryPage<Json>> OutboxApi::held(OutboundId after, std::size_t limit) const {
    const auto rows = ports_.store.held_messages(after, limit);
    if (!rows) return rows.error();
    HistoryPage<Json> page;
    for (const HeldMessage& row : *rows) page.rows.push_back(to_row(row, OutboundState::held));
    if (rows->size() == limit) page.next = std::to_string(to_int(rows->back().id));
    return page;
}

Result<HistoryPage<Json>> OutboxApi::unsent(OutboundId after, std::size_t limit, bool with_held) const {
    const auto rows = ports_.store.unsent_messages(after, limit);
    if (!rows) return rows.error();
    HistoryPage<Json> page;
    for (const UnsentMessage& row : *rows) {
        const bool is_held = row.state == OutboundState::held;
        if (is_held && !with_held) continue;
        const OutboundMessage& one = row.message;
        page.rows.push_back(
            to_row({one.id, one.channel, one.to, one.callback, is_held ? row.held_since : one.created_at,
                    is_held ? std::string() : ports_.trouble_of(one.channel)},
                   row.state));
    }
    if (rows->size() == limit) page.next = std::to_string(to_int(rows->back().message.id));
    return page;
}

HttpResponse OutboxApi::list(const ApiCall& call) const {
    const auto list = read_list(call.query, {"state"});
    if (!list) return to_problem(list.error());
    const auto after = read_number_cursor(list->after);
    if (!after) return to_problem(after.error());
    const std::string state = query_value(call.query, "state");
    if (state != "" && state != "held" && state != "queued" && state != "unsent")
        return problem(400, "Bad request", "state: expected \"held\", \"queued\" or \"unsent\" (both)");
    const auto page = state == "" || state == "held"
                          ? held(OutboundId{*after}, list->limit)
                          : unsent(OutboundId{*after}, list->limit, state == "unsent");
    if (!page) return to_problem(page.error());
    return list_response(page->rows, page->next);
}

HttpResponse OutboxApi::send(const ApiCall& call) const {
    const auto id = named(call);
    if (!id) return to_problem(id.error());
    if (const auto done = ports_.decisions.send(*id, call.caller); !done) return to_problem(done.error());
    return decided(202, *id, "queued");
}

HttpResponse OutboxApi::cancel(const ApiCall& call) const {
    const auto id = named(call);
    if (!id) return to_problem(id.error());
    if (const auto done = ports_.decisions.cancel(*id, call.caller); !done) return to_problem(done.error());
    return decided(200, *id, "cancelled");
}

}  // namespace parley
