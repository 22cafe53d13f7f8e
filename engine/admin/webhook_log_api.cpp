#include "admin/webhook_log_api.hpp"

#include "admin/message_json.hpp"
#include "base/utc_text.hpp"

namespace parley {
namespace {

Json to_row(ItemSeq first, const PostFacts& facts, std::size_t items) {
    return {{"id", "post-" + std::to_string(to_int(first))},
            {"at", to_utc_text(facts.received_at)},
            {"peer", facts.peer},
            {"bytes", facts.bytes},
            {"app", facts.app.empty() ? Json() : Json(facts.app.str())},
            {"outcome", "accepted"},
            {"reason", Json()},
            {"status", 200},
            {"items", items}};
}

Json to_row(const RefusedPost& post) {
    return {{"id", "refused-" + std::to_string(post.id)},
            {"at", to_utc_text(post.at)},
            {"peer", post.peer},
            {"bytes", post.bytes},
            {"app", Json()},
            {"outcome", "refused"},
            {"reason", post.reason},
            {"status", post.status},
            {"items", 0}};
}

const char* word_of(ItemKind kind) {
    switch (kind) {
        case ItemKind::message:
            return "message";
        case ItemKind::status:
            return "status";
        case ItemKind::error:
            return "error";
        case ItemKind::followup:
            return "followup";
        case ItemKind::change:
            break;
    }
    return "change";
}

std::optional<std::int64_t> number_after(const std::string& id, const std::string& prefix) {
    if (!id.starts_with(prefix)) return std::nullopt;
    const auto number = read_number_cursor(id.substr(prefix.size()));
    return number && *number > 0 ? std::optional(*number) : std::nullopt;
}

}  // namespace

void WebhookLogApi::add_pages(ApiPages pages) {
    pages.add("GET", "/api/webhook-logs", ApiScope::read, [this](const ApiCall& call) { return list(call); });
    pages.add("GET", "/api/webhook-logs/{webhook}", ApiScope::read,
              [this](const ApiCall& call) { return one(call); });
}

HttpResponse WebhookLogApi::list(const ApiCall& call) const {
    const auto query = read_list(call.query, {"outcome", "contains"});
    if (!query) return to_problem(query.error());
    const std::string outcome = query_value(call.query, "outcome");
    const std::string text = query_value(call.query, "contains");
    if (outcome == "refused") return refused(*query, text);
    if (!outcome.empty() && outcome != "accepted")
        return problem(400, "Bad request", "outcome: expected accepted or refused");
    if (!text.empty()) return problem(400, "Bad request", "contains: searches refused webhooks only");
    return accepted(*query);
}

HttpResponse WebhookLogApi::accepted(const ListQuery& query) const {
    const auto page = view_.history.posts({{}, query.after, query.limit});
    if (!page) return to_problem(page.error());
    Json data = Json::array();
    for (const PostRow& row : page->rows) data.push_back(to_row(row.first, row.facts, row.items));
    return list_response(std::move(data), page->next);
}

HttpResponse WebhookLogApi::refused(const ListQuery& query, const std::string& text) const {
    const auto before = read_number_cursor(query.after);
    if (!before) return to_problem(before.error());
    const auto rows = view_.refused.page(*before, query.limit, text);
    Json data = Json::array();
    for (const RefusedPost& row : rows) data.push_back(to_row(row));
    return list_response(std::move(data), rows.size() < query.limit ? "" : std::to_string(rows.back().id));
}

HttpResponse WebhookLogApi::one(const ApiCall& call) const {
    if (const auto checked = has_only(call.query, {}); !checked) return to_problem(checked.error());
    const std::string& id = call.path.at(0);
    if (const auto first = number_after(id, "post-")) return one_accepted(ItemSeq{*first});
    if (const auto number = number_after(id, "refused-"))
        if (const auto post = view_.refused.find(*number)) {
            Json out = to_row(*post);
            out["items"] = Json::array();
            out["body"] = post->body;
            return json_response(200, out);
        }
    return problem(404, "Not Found", "there is no webhook " + id);
}

HttpResponse WebhookLogApi::one_accepted(ItemSeq first) const {
    const auto items = view_.history.items_of(first);
    if (!items) return to_problem(items.error());
    if (items->empty())
        return problem(404, "Not Found", "there is no webhook post-" + std::to_string(to_int(first)));
    Json out = to_row(first, items->front().facts, 0);
    out["items"] = Json::array();
    for (const ItemRow& item : *items) {
        Json raw = Json::parse(item.raw_json, nullptr, false);
        out["items"].push_back({{"id", message_id(item.seq)},
                                {"kind", word_of(item.kind)},
                                {"phone_number_id", item.channel.str()},
                                {"raw", raw.is_discarded() ? Json(item.raw_json) : std::move(raw)}});
    }
    out["body"] = Json();
    return json_response(200, out);
}

}  // namespace parley
