#include "admin/ops_api.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "admin/view_json.hpp"
#include "base/suggestion.hpp"

namespace parley {
namespace {

constexpr std::size_t default_limit = 50;
constexpr std::size_t max_limit = 500;

HttpResponse failed(const Error& error) {
    if (error.code() == Errc::invalid_input) return problem(400, "Bad request", error.message());
    return problem(503, "Store", error.message());
}

std::string iso8601(WallTime t) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(t);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

// One page of a list: where it starts, how long it may be.
struct Cursor {
    std::int64_t after = 0;
    std::size_t limit = default_limit;
};

template <class Number>
bool read_number(const std::string& text, Number& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

using Names = std::vector<std::string_view>;

Result<> has_only(std::string_view query, const Names& known) {
    while (!query.empty()) {
        const auto end = query.find('&');
        const std::string name = percent_decode(query.substr(0, std::min(end, query.find('='))));
        query.remove_prefix(end == query.npos ? query.size() : end + 1);
        if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
        std::string sentence = "unknown parameter \"" + name.substr(0, 64) + "\".";
        const std::string_view meant = nearest(name, known);
        if (!meant.empty()) sentence.append(" Did you mean \"").append(meant).append("\"?");
        return Error{Errc::invalid_input, sentence};
    }
    return {};
}

Result<Cursor> read_cursor(std::string_view query, const Names& known) {
    if (const auto checked = has_only(query, known); !checked) return checked.error();
    Cursor cursor;
    const std::string after = query_value(query, "after");
    const std::string limit = query_value(query, "limit");
    if (!after.empty() && (!read_number(after, cursor.after) || cursor.after < 0))
        return Error{Errc::invalid_input, "after: expected the `next` of an earlier page"};
    if (!limit.empty() && (!read_number(limit, cursor.limit) || cursor.limit < 1 || cursor.limit > max_limit))
        return Error{Errc::invalid_input, "limit: expected a number from 1 to 500"};
    return cursor;
}

// {"data":[…],"next":CURSOR|null}
template <class Rows, class ToJson, class Id>
HttpResponse to_page(const Result<Rows>& rows, const Cursor& cursor, ToJson to_row, Id id_of) {
    if (!rows) return failed(rows.error());
    Json data = Json::array();
    for (const auto& row : *rows) data.push_back(to_row(row));
    Json next = rows->size() < cursor.limit ? Json() : Json(std::to_string(id_of(rows->back())));
    return json_response(200, {{"data", std::move(data)}, {"next", std::move(next)}});
}

}  // namespace

OpsApi::OpsApi(EngineView view, const ApiGate& gate, WorkerPool& workers)
    : view_(std::move(view)), gate_(gate), workers_(workers) {}

void OpsApi::add_routes(Router& router) {
    router.add("GET", "/health", [this](const auto&, const auto&, Responder respond) { respond(health()); });
    router.add("GET", "/ready", [this](const auto&, const auto&, Responder respond) { respond(ready()); });
    router.add("GET", "/metrics", [this](const auto&, const auto&, Responder respond) {
        respond({200, "text/plain; version=0.0.4; charset=utf-8", view_.metrics.text(), {}});
    });
    const auto add_plain = [&](std::string_view path, HttpResponse (OpsApi::*answer)() const) {
        add_page(router, path, [this, answer](std::string_view query) {
            const auto checked = has_only(query, {});
            return checked ? (this->*answer)() : failed(checked.error());
        });
    };
    add_plain("/api/status", &OpsApi::status);
    add_plain("/api/deployments", &OpsApi::deployments);
    add_plain("/api/agents", &OpsApi::agents);
    add_page(router, "/api/dead-letters", [this](std::string_view query) { return dead_letters(query); });
    add_page(router, "/api/outbox", [this](std::string_view query) { return held_messages(query); });
}

void OpsApi::add_page(Router& router, std::string_view path, Page page) {
    router.add(
        "GET", path,
        gate_.guard(ApiScope::read, [this, page = std::move(page)](const HttpRequest& request,
                                                                   const PathArguments&, Responder respond) {
            auto shared = std::make_shared<Responder>(std::move(respond));
            const bool queued = workers_.post([page, shared, query = std::string(request.query())] {
                (*shared)(answer_safely([&] { return page(query); }));
            });
            if (!queued) (*shared)(problem(503, "Busy", "Too many queries wait already; try again."));
        }));
}

HttpResponse OpsApi::health() const {
    const auto up =
        std::chrono::duration_cast<std::chrono::seconds>(view_.clock.wall() - view_.started_at).count();
    return json_response(200, {{"status", "healthy"},
                               {"version", view_.version},
                               {"uptime_seconds", up},
                               {"ready", view_.not_ready().empty()}});
}

HttpResponse OpsApi::ready() const {
    const std::string reason = view_.not_ready();
    if (reason.empty()) return json_response(200, {{"status", "ready"}});
    HttpResponse response = problem(503, "Not ready", reason);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

HttpResponse OpsApi::status() const {
    const auto counts = view_.store.counts();
    if (!counts) return failed(counts.error());
    const auto letters = view_.store.dead_letters(
        std::max<std::int64_t>(0, static_cast<std::int64_t>(counts->dead_letters) - 5), 5);
    Json errors = Json::array();
    if (letters)
        for (const DeadLetterRecord& letter : *letters)
            errors.push_back({{"at", iso8601(letter.at)},
                              {"reason", letter.letter.reason},
                              {"detail", letter.letter.detail}});
    const std::string reason = view_.not_ready();
    return json_response(200, {{"version", view_.version},
                               {"started_at", iso8601(view_.started_at)},
                               {"ready", reason.empty()},
                               {"not_ready_because", reason.empty() ? Json() : Json(reason)},
                               {"backlog",
                                {{"open", counts->open},
                                 {"unsent", counts->unsent},
                                 {"held", counts->held},
                                 {"in_memory", {{"inbox", view_.inbox()}, {"outbox", view_.outbox()}}}}},
                               {"stored",
                                {{"messages", counts->messages},
                                 {"statuses", counts->statuses},
                                 {"unrouted", counts->unrouted},
                                 {"dead_letters", counts->dead_letters}}},
                               {"last_errors", std::move(errors)}});
}

HttpResponse OpsApi::deployments() const {
    const auto waiting = view_.store.waiting_followups();
    if (!waiting) return failed(waiting.error());
    const auto followups_of = [&](const PhoneNumberId& channel) {
        for (const WaitingFollowups& one : *waiting)
            if (one.channel == channel) return one.count;
        return std::uint64_t{0};
    };
    Json data = Json::array();
    for (const DeploymentPtr& deployment : view_.accounts.all()) {
        const std::string trouble = view_.trouble_of(deployment->channel);
        data.push_back({{"id", deployment->id.str()},
                        {"phone_number_id", deployment->channel.str()},
                        {"not_sending_because", trouble.empty() ? Json() : Json(trouble)},
                        {"default", deployment->is_default},
                        {"followups", followups_of(deployment->channel)},
                        {"deadline_ms", deployment->deadline.count()},
                        {"agent", to_json(view_.agent_of(deployment->id))}});
    }
    return json_response(200, {{"data", std::move(data)}, {"next", Json()}});
}

HttpResponse OpsApi::agents() const {
    Json data = Json::array();
    for (const AgentView& agent : view_.agents()) data.push_back(to_json(agent));
    return json_response(200, {{"data", std::move(data)}, {"next", Json()}});
}

HttpResponse OpsApi::dead_letters(std::string_view query) const {
    const auto cursor = read_cursor(query, {"after", "limit"});
    if (!cursor) return failed(cursor.error());
    const auto to_row = [](const DeadLetterRecord& row) {
        return Json{{"id", row.id},
                    {"direction", row.inbound ? "in" : "out"},
                    {"message", row.message},
                    {"at", iso8601(row.at)},
                    {"reason", row.letter.reason},
                    {"detail", row.letter.detail}};
    };
    return to_page(view_.store.dead_letters(cursor->after, cursor->limit), *cursor, to_row,
                   [](const DeadLetterRecord& row) { return row.id; });
}

HttpResponse OpsApi::held_messages(std::string_view query) const {
    const auto cursor = read_cursor(query, {"state", "after", "limit"});
    if (!cursor) return failed(cursor.error());
    if (const std::string state = query_value(query, "state"); !state.empty() && state != "held")
        return problem(400, "Bad request", "state: only \"held\" can be listed");
    const auto to_row = [](const HeldMessage& row) {
        return Json{{"id", to_int(row.id)},
                    {"phone_number_id", row.channel.str()},
                    {"to", row.to.wa_id.empty() ? row.to.user_id : row.to.wa_id},
                    {"callback", row.callback},
                    {"since", iso8601(row.since)},
                    {"reason", row.reason}};
    };
    return to_page(view_.store.held_messages(OutboundId{cursor->after}, cursor->limit), *cursor, to_row,
                   [](const HeldMessage& row) { return to_int(row.id); });
}

}  // namespace parley
