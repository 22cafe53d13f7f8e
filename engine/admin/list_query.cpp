#include "admin/list_query.hpp"

#include <algorithm>

#include "base/suggestion.hpp"

namespace parley {
namespace {

constexpr std::size_t max_limit = 500;

template <class Number>
bool read_number(const std::string& text, Number& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<> has_only(std::string_view query, const ParameterNames& known) {
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

Result<ListQuery> read_list(std::string_view query, ParameterNames known) {
    known.insert(known.end(), {"after", "limit"});
    if (const auto checked = has_only(query, known); !checked) return checked.error();
    ListQuery list;
    list.after = query_value(query, "after");
    const std::string limit = query_value(query, "limit");
    if (!limit.empty() && (!read_number(limit, list.limit) || list.limit < 1 || list.limit > max_limit))
        return Error{Errc::invalid_input, "limit: expected a number from 1 to 500"};
    return list;
}

Result<std::int64_t> read_number_cursor(const std::string& after) {
    std::int64_t number = 0;
    if (!after.empty() && (!read_number(after, number) || number < 0))
        return Error{Errc::invalid_input, "after: expected the `next` of an earlier page"};
    return number;
}

HttpResponse to_problem(const Error& error) {
    switch (error.code()) {
        case Errc::invalid_input:
            return problem(400, "Bad request", error.message());
        case Errc::not_found:
            return problem(404, "Not Found", error.message());
        case Errc::conflict:
            return problem(409, "Conflict", error.message());
        default:
            return problem(503, "Store", error.message());
    }
}

HttpResponse list_response(Json data, const std::string& next) {
    return json_response(200, {{"data", std::move(data)}, {"next", next.empty() ? Json() : Json(next)}});
}

}  // namespace parley
