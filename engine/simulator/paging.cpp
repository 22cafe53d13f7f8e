// Pages.
#include "simulator/paging.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/base64.hpp"
#include "net/http_message.hpp"

namespace parley::sim {
namespace {

constexpr std::uint64_t most_listed = 1000;

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

GraphReply page_of(std::vector<std::pair<std::uint64_t, Json>> items, const GraphCall& call) {
    const auto limit = number_of(query_value(call.query, "limit")).value_or(25);
    const std::string after = query_value(call.query, "after");
    std::uint64_t last_seen = 0;
    if (!after.empty()) {
        const auto decoded = from_base64(after);
        const auto cursor = decoded ? number_of(*decoded) : std::nullopt;
        if (!cursor) return graph_error(131059, "The paging cursor is invalid.");
        last_seen = *cursor;
    }
    std::erase_if(items, [&](const auto& item) { return item.first <= last_seen; });
    Json page{{"data", Json::array()}};
    const std::size_t count =
        std::min<std::size_t>(items.size(), std::clamp<std::uint64_t>(limit, 1, most_listed));
    for (std::size_t i = 0; i < count; ++i) page["data"].push_back(std::move(items[i].second));
    if (count == 0) return GraphBody{std::move(page)};
    const std::string end = to_base64(std::to_string(items[count - 1].first));
    page["paging"] = {{"cursors", {{"before", to_base64(std::to_string(items[0].first))}, {"after", end}}}};
    if (count < items.size())
        page["paging"]["next"] = call.origin + '/' + call.version + '/' + call.node + '/' + call.edge +
                                 "?limit=" + std::to_string(limit) + "&after=" + end;
    return GraphBody{std::move(page)};
}

}  // namespace parley::sim
