// The state as a JSON document.
#include "dialogue/state.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace edge {
namespace {

constexpr std::array<std::string_view, 5> offer_names{"none", "apply", "human", "block", "overview"};

constexpr std::array<std::string_view, 5> stage_names{"opened", "exploring", "considering", "link_sent",
                                                      "applied"};

std::string text_of(const nlohmann::json& document, const char* key) {
    const auto found = document.find(key);
    return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag_of(const nlohmann::json& document, const char* key) {
    const auto found = document.find(key);
    return found != document.end() && found->is_boolean() && found->get<bool>();
}

int number_of(const nlohmann::json& document, const char* key) {
    const auto found = document.find(key);
    return found != document.end() && found->is_number_integer() ? std::clamp(found->get<int>(), 0, 1'000'000)
                                                                 : 0;
}

}  // namespace

std::string_view name_of(Stage stage) {
    return stage_names[static_cast<std::size_t>(stage)];
}

ConversationState ConversationState::from_json(std::string_view json) {
    ConversationState out;
    const auto document = nlohmann::json::parse(json, nullptr, false);
    if (!document.is_object()) return out;
    out.language = language_named(text_of(document, "language"));
    out.topic = intent_named(text_of(document, "topic"));
    out.aspect = text_of(document, "aspect").substr(0, 24);
    const auto offer = std::find(offer_names.begin(), offer_names.end(), text_of(document, "offer"));
    if (offer != offer_names.end()) out.offer = static_cast<Offer>(offer - offer_names.begin());
    const auto stage = std::find(stage_names.begin(), stage_names.end(), text_of(document, "stage"));
    if (stage != stage_names.end()) out.stage = static_cast<Stage>(stage - stage_names.begin());
    out.unclear = number_of(document, "unclear");
    out.turns = number_of(document, "turns");
    out.opted_out = flag_of(document, "opted_out");
    out.reminded = flag_of(document, "reminded");
    return out;
}

std::string ConversationState::to_json() const {
    nlohmann::json document{{"offer", offer_names[static_cast<std::size_t>(offer)]},
                            {"unclear", unclear},
                            {"opted_out", opted_out},
                            {"stage", name_of(stage)},
                            {"turns", turns}};
    if (language) document["language"] = name_of(*language);
    if (topic) document["topic"] = name_of(*topic);
    if (!aspect.empty()) document["aspect"] = aspect;
    if (reminded) document["reminded"] = true;
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace edge
