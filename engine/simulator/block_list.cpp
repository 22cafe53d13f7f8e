// Blocking users.
#include "simulator/block_list.hpp"

#include <algorithm>

#include "simulator/field_check.hpp"
#include "simulator/paging.hpp"

namespace parley::sim {
namespace {

constexpr std::size_t max_at_once = 1000;

std::string digits_of(const std::string& text) {
    std::string digits;
    for (const char c : text)
        if (c >= '0' && c <= '9') digits += c;
    return digits;
}

bool is_phone(const std::string& user) {
    return user.find_first_not_of("0123456789") == std::string::npos;
}

Json user_json(const std::string& user) {
    return {{is_phone(user) ? "wa_id" : "user_id", user}};
}

Json failure(const std::string& why) {
    return Json::array({{{"message", "Failed to block/unblock user"},
                         {"code", 139100},
                         {"error_data", {{"details", why}}}}});
}

}  // namespace

GraphReply BlockList::answer(const GraphCall& call, const MayBlock& may_block) {
    if (call.method == "GET") {
        std::vector<std::pair<std::uint64_t, Json>> listed;
        for (const auto& [user, order] : users_[call.node]) {
            Json item{{"messaging_product", "whatsapp"}};
            item.update(user_json(user));
            listed.emplace_back(order, std::move(item));
        }
        std::sort(listed.begin(), listed.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        return page_of(std::move(listed), call);
    }
    const auto body = parse_object(call.body);
    if (!body) return parameter_error("The request body is not a JSON object.");
    if (text_of(*body, "messaging_product") != "whatsapp")
        return parameter_error("The parameter messaging_product is required.");
    if (auto wrong = check_array(*body, "", "block_users", 1, max_at_once)) return std::move(*wrong);
    return change(call, (*body)["block_users"], may_block);
}

GraphBody BlockList::change(const GraphCall& call, const Json& wanted, const MayBlock& may_block) {
    const bool adds = call.method == "POST";
    auto& users = users_[call.node];
    Json done = Json::array();
    Json failed = Json::array();
    for (const Json& each : wanted) {
        const std::string input = text_of(each, "user", text_of(each, "user_id"));
        const std::string user = member(each, "user") ? digits_of(input) : input;
        Json shown{{"input", input}};
        shown.update(user_json(user));
        std::string why;
        if (user.empty())
            why = "Not a user.";
        else if (adds && !may_block(user))
            why = "Re-engagement required: the user has not written in the last 24 hours.";
        else if (adds && users.size() >= max_users && !users.contains(user))
            why = "The block list is full.";
        if (!why.empty()) {
            shown["errors"] = failure(why);
            failed.push_back(std::move(shown));
            continue;
        }
        if (adds)
            users.try_emplace(user, ++last_);
        else
            users.erase(user);
        done.push_back(std::move(shown));
    }
    GraphBody answer{{{"messaging_product", "whatsapp"}}};
    answer.body["block_users"][adds ? "added_users" : "removed_users"] = std::move(done);
    if (failed.empty()) return answer;
    answer.status = 400;
    answer.body["block_users"]["failed_users"] = std::move(failed);
    answer.body["error"] = {{"message", "(#139100) Failed to block/unblock some users"},
                            {"type", "OAuthException"},
                            {"code", 139100}};
    return answer;
}

bool BlockList::contains(const std::string& phone_number_id, const std::string& user) const {
    const auto found = users_.find(phone_number_id);
    return found != users_.end() && found->second.contains(user);
}

}  // namespace parley::sim
