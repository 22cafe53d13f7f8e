// The labels of the taxonomy: three languages and twenty-six intents, with their written names.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace edge {

enum class Language { english, hindi, hinglish };

enum class Intent {
    greeting,
    card,
    cashback,
    fees,
    eligibility,
    documents,
    pan,
    kyc,
    how_to_apply,
    wants_to_apply,
    status,
    limit,
    upi,
    billing,
    delivery,
    security,
    lost_or_fraud,
    complaint,
    human,
    affirm,
    deny,
    thanks,
    goodbye,
    opt_out,
    off_topic,
    unclear
};

inline constexpr std::size_t language_count = 3;
inline constexpr std::size_t intent_count = 26;

inline constexpr std::array<std::string_view, language_count> language_names{"ENGLISH", "HINDI", "HINGLISH"};

inline constexpr std::array<std::string_view, intent_count> intent_names{"GREETING",
                                                                         "ASKING_ABOUT_CARD",
                                                                         "ASKING_ABOUT_CASHBACK",
                                                                         "ASKING_ABOUT_FEES",
                                                                         "ASKING_ABOUT_ELIGIBILITY",
                                                                         "ASKING_ABOUT_DOCUMENTS",
                                                                         "ASKING_ABOUT_PAN",
                                                                         "ASKING_ABOUT_AADHAAR_KYC",
                                                                         "ASKING_HOW_TO_APPLY",
                                                                         "WANTS_TO_APPLY",
                                                                         "ASKING_ABOUT_STATUS",
                                                                         "ASKING_ABOUT_CREDIT_LIMIT",
                                                                         "ASKING_ABOUT_UPI",
                                                                         "ASKING_ABOUT_BILLING",
                                                                         "ASKING_ABOUT_DELIVERY",
                                                                         "ASKING_ABOUT_SECURITY",
                                                                         "REPORTING_LOST_OR_FRAUD",
                                                                         "COMPLAINT",
                                                                         "TALK_TO_HUMAN",
                                                                         "AFFIRM",
                                                                         "DENY",
                                                                         "THANKS",
                                                                         "GOODBYE",
                                                                         "OPT_OUT",
                                                                         "OFF_TOPIC",
                                                                         "UNCLEAR"};

constexpr std::size_t index_of(Intent intent) {
    return static_cast<std::size_t>(intent);
}
constexpr std::size_t index_of(Language language) {
    return static_cast<std::size_t>(language);
}
constexpr std::string_view name_of(Intent intent) {
    return intent_names[index_of(intent)];
}
constexpr std::string_view name_of(Language language) {
    return language_names[index_of(language)];
}

// Nothing when `name` is no label.
constexpr std::optional<Intent> intent_named(std::string_view name) {
    for (std::size_t i = 0; i < intent_count; ++i)
        if (intent_names[i] == name) return static_cast<Intent>(i);
    return std::nullopt;
}
constexpr std::optional<Language> language_named(std::string_view name) {
    for (std::size_t i = 0; i < language_count; ++i)
        if (language_names[i] == name) return static_cast<Language>(i);
    return std::nullopt;
}

// Card, cashback, fees … delivery, security: questions that a reply answers with content.
constexpr bool is_question(Intent intent) {
    return index_of(intent) >= index_of(Intent::card) && index_of(intent) <= index_of(Intent::security);
}

}  // namespace edge
