#include "admin/history_api.hpp"

#include <algorithm>

#include "admin/message_way.hpp"
#include "base/utc_text.hpp"
#include "core/service_window.hpp"

namespace parley {
namespace {

constexpr std::chrono::hours window{24};

// "+91 98765-43210" as WhatsApp writes it; a BSUID stays.
std::string to_user(std::string text) {
    const bool is_number = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '+' || c == ' ' || c == '-' || c == '(' || c == ')';
    });
    if (is_number) std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text;
}

std::string user_of(const Recipient& person) {
    return person.wa_id.empty() ? person.user_id : person.wa_id;
}

}  // namespace

void HistoryApi::add_pages(ApiPages pages) {
    const auto add = [&](std::string_view pattern, HttpResponse (HistoryApi::*answer)(const ApiCall&) const) {
        pages.add("GET", pattern, ApiScope::read,
                  [this, answer](const ApiCall& call) { return (this->*answer)(call); });
    };
    add("/api/conversations", &HistoryApi::conversations);
    add("/api/conversations/{deployment}/{user}", &HistoryApi::conversation);
    pages.add("DELETE", "/api/conversations/{deployment}/{user}", ApiScope::admin,
              [this](const ApiCall& call) { return erase(call); });
    add("/api/messages", &HistoryApi::messages);
    add("/api/messages/{message}", &HistoryApi::message);
}

// A number without a deployment has its history, too.
PhoneNumberId HistoryApi::channel_named(const std::string& deployment_or_number) const {
    const DeploymentPtr deployment = view_.accounts.by_id(DeploymentId(deployment_or_number));
    return deployment ? deployment->channel : PhoneNumberId(deployment_or_number);
}

Result<PhoneNumberId> HistoryApi::channel_wanted(const std::string& query) const {
    const std::string name = query_value(query, "deployment");
    if (name.empty()) return PhoneNumberId(query_value(query, "phone_number_id"));
    const DeploymentPtr deployment = view_.accounts.by_id(DeploymentId(name));
    if (!deployment) return Error(Errc::not_found, "there is no deployment \"" + name + "\"");
    return deployment->channel;
}

Json HistoryApi::to_row(const ConversationRow& row) const {
    Json name;
    if (row.last_in)
        if (const auto read = view_.read_item(*row.last_in); read && read->message)
            name = text_or_null(read->message->from.name);
    return {{"deployment", shown_.deployment_of(row.channel)},
            {"phone_number_id", row.channel.str()},
            {"user", user_of(row.person)},
            {"wa_id", text_or_null(row.person.wa_id)},
            {"user_id", text_or_null(row.person.user_id)},
            {"name", std::move(name)},
            {"last_at", to_utc_text(row.last_at)},
            {"last_message", row.last.empty() ? Json() : shown_.of(row.last.front())}};
}

HttpResponse HistoryApi::conversations(const ApiCall& call) const {
    const auto list = read_list(call.query, {"deployment", "phone_number_id", "user"});
    if (!list) return to_problem(list.error());
    const auto channel = channel_wanted(call.query);
    if (!channel) return to_problem(channel.error());
    Json data = Json::array();
    if (const std::string user = to_user(query_value(call.query, "user")); !user.empty()) {
        const auto found = view_.history.find_person(*channel, user);
        if (!found) return to_problem(found.error());
        for (const ConversationRow& row : *found) data.push_back(to_row(row));
        return list_response(std::move(data), {});
    }
    const auto page = view_.history.conversations({*channel, list->after, list->limit});
    if (!page) return to_problem(page.error());
    for (const ConversationRow& row : page->rows) data.push_back(to_row(row));
    return list_response(std::move(data), page->next);
}

Result<ConversationRow> HistoryApi::conversation_named(const PathArguments& path) const {
    const std::string user = to_user(path.at(1));
    auto found = view_.history.find_person(channel_named(path.at(0)), user);
    if (!found) return found.error();
    if (found->empty())
        return Error(Errc::not_found, "there is no conversation of " + user + " with " + path.at(0));
    return std::move(found->front());
}

HttpResponse HistoryApi::erase(const ApiCall& call) const {
    if (const auto checked = has_only(call.query, {}); !checked) return to_problem(checked.error());
    const auto row = conversation_named(call.path);
    if (!row) return to_problem(row.error());
    const auto erased = view_.erase(*row);
    if (!erased) return to_problem(erased.error());
    Json naming = Json::array();
    for (const std::string& key : erased->naming) naming.push_back(key);
    return json_response(200, {{"erased",
                                {{"items", erased->stored.items},
                                 {"messages", erased->stored.messages},
                                 {"dead_letters", erased->stored.letters},
                                 {"followups", erased->stored.followups},
                                 {"media", erased->stored.media.size()},
                                 {"records", erased->records},
                                 {"keys", erased->keys},
                                 {"refused_webhooks", erased->refused}}},
                               {"keys_naming_them", std::move(naming)}});
}

HttpResponse HistoryApi::conversation(const ApiCall& call) const {
    const auto list = read_list(call.query);
    if (!list) return to_problem(list.error());
    const auto found = conversation_named(call.path);
    if (!found) return to_problem(found.error());
    const ConversationRow& row = *found;
    auto page = view_.history.messages_of(row.id, {{}, list->after, list->limit});
    if (!page) return to_problem(page.error());
    std::reverse(page->rows.begin(), page->rows.end());
    Json data = Json::array();
    for (const HistoryRow& one : page->rows) data.push_back(shown_.of(one));
    Json out = to_row(row);
    out.erase("last_message");
    const bool known = row.window_from != WallTime{};
    out["window"] = {{"open", known && !is_window_closed(row.window_from, view_.clock.wall())},
                     {"until", known ? Json(to_utc_text(row.window_from + window)) : Json()}};
    out["data"] = std::move(data);
    out["next"] = text_or_null(page->next);
    return json_response(200, out);
}

HttpResponse HistoryApi::messages(const ApiCall& call) const {
    const auto list = read_list(call.query, {"deployment", "phone_number_id"});
    if (!list) return to_problem(list.error());
    const auto channel = channel_wanted(call.query);
    if (!channel) return to_problem(channel.error());
    const auto page = view_.history.latest({*channel, list->after, list->limit});
    if (!page) return to_problem(page.error());
    Json data = Json::array();
    for (const HistoryRow& row : page->rows) data.push_back(shown_.placed(row));
    return list_response(std::move(data), page->next);
}

Result<std::optional<HistoryRow>> HistoryApi::find(const std::string& id) const {
    if (const auto seq = inbound_id_of(id)) {
        auto item = view_.history.item(*seq);
        if (!item) return item.error();
        return *item ? std::optional<HistoryRow>(std::move(**item)) : std::nullopt;
    }
    if (const auto number = outbound_id_of(id)) {
        auto message = view_.history.outbound(*number);
        if (!message) return message.error();
        return *message ? std::optional<HistoryRow>(std::move(**message)) : std::nullopt;
    }
    return view_.history.find_wamid(id);
}

HttpResponse HistoryApi::message(const ApiCall& call) const {
    if (const auto checked = has_only(call.query, {}); !checked) return to_problem(checked.error());
    const auto row = find(call.path.at(0));
    if (!row) return to_problem(row.error());
    if (!*row)
        return problem(
            404, "Not Found",
            "there is no message " + call.path.at(0) + "; expected in-NUMBER, out-NUMBER or a wamid");
    const auto way = MessageWay::of(**row, view_);
    if (!way) return to_problem(way.error());
    Json out{{"message", shown_.placed(**row)}};
    out.update(way->json());
    const auto* item = std::get_if<ItemRow>(&**row);
    const std::string& raw =
        item != nullptr ? item->raw_json : std::get<OutboundRow>(**row).message.payload_json;
    Json parsed = Json::parse(raw, nullptr, false);
    out["raw"] = parsed.is_discarded() ? Json(raw) : std::move(parsed);
    return json_response(200, out);
}

}  // namespace parley
