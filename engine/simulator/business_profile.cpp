// What a business says of itself.
#include <algorithm>
#include <array>

#include "simulator/field_check.hpp"
#include "simulator/number_life.hpp"

namespace parley::sim {
namespace {

constexpr auto verticals = std::to_array<std::string_view>(
    {"OTHER",     "AUTO",       "BEAUTY",    "APPAREL",         "EDU",
     "ENTERTAIN", "EVENT_PLAN", "FINANCE",   "GROCERY",         "GOVT",
     "HOTEL",     "HEALTH",     "NONPROFIT", "PROF_SERVICES",   "RETAIL",
     "TRAVEL",    "RESTAURANT", "ALCOHOL",   "ONLINE_GAMBLING", "PHYSICAL_GAMBLING",
     "OTC_DRUGS"});

Complaint check_vertical(const Json& profile) {
    const Json* value = member(profile, "vertical");
    if (!value) return {};
    if (value->is_string() &&
        std::find(verticals.begin(), verticals.end(), value->get<std::string>()) != verticals.end())
        return {};
    std::string names;
    for (const std::string_view name : verticals) names += (names.empty() ? "" : ", ") + std::string(name);
    return parameter_error("Param vertical must be one of {" + names + "}.");
}

Complaint check_websites(const Json& profile) {
    const Json* list = member(profile, "websites");
    if (!list) return {};
    if (!list->is_array()) return parameter_error("Param websites must be an array.");
    if (list->size() > 2) return bad_value("websites", "At most 2 websites are allowed.");
    for (const Json& each : *list) {
        const std::string url = each.is_string() ? each.get<std::string>() : std::string();
        const bool is_url = url.starts_with("https://") || url.starts_with("http://");
        if (!is_url || url.size() > 256) return bad_value("websites", "Not a website: " + url.substr(0, 80));
    }
    return {};
}

// An empty text takes a field away; about cannot be empty.
Complaint check_limit(const Json& profile, const char* key, std::size_t most) {
    if (text_of(profile, key, "-").empty() && std::string_view(key) != "about") return {};
    return check_optional_text(profile, "", key, most);
}

Complaint check_profile(const Json& profile) {
    if (text_of(profile, "messaging_product") != "whatsapp")
        return parameter_error("The parameter messaging_product is required.");
    if (auto wrong = check_keys(profile, "",
                                {"messaging_product", "about", "address", "description", "email", "websites",
                                 "vertical", "profile_picture_handle"}))
        return wrong;
    if (auto wrong = check_limit(profile, "about", 139)) return wrong;
    if (auto wrong = check_limit(profile, "address", 256)) return wrong;
    if (auto wrong = check_limit(profile, "description", 256)) return wrong;
    if (auto wrong = check_limit(profile, "email", 128)) return wrong;
    if (auto wrong = check_vertical(profile)) return wrong;
    return check_websites(profile);
}

}  // namespace

GraphReply NumberLife::profile(const GraphCall& call) {
    if (call.method == "POST") {
        const CallParameters given(call);
        if (given.is_broken()) return parameter_error("The request body is not a JSON object.");
        if (auto wrong = check_profile(given.body())) return std::move(*wrong);
        for (const auto& [key, value] : given.body().items())
            if (key != "messaging_product" && key != "profile_picture_handle") profile_[key] = value;
        return success();
    }
    Json shown = profile_;
    for (const char* key :
         {"about", "address", "description", "email", "profile_picture_url", "websites", "vertical"})
        if (!shown.contains(key) || shown[key] == "" || shown[key].empty()) shown[key] = nullptr;
    GraphReply reply = pick_fields(shown, call, {"about"});
    if (auto* body = std::get_if<GraphBody>(&reply)) {
        body->body["messaging_product"] = "whatsapp";
        body->body = {{"data", Json::array({std::move(body->body)})}};
    }
    return reply;
}

}  // namespace parley::sim
