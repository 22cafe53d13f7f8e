#include "core/business_vertical.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/suggestion.hpp"

namespace parley {
namespace {

struct Vertical {
    std::string_view name;
    std::string_view words;  // folded, with a space around each
};

// Meta's list of 2026.
constexpr auto verticals = std::to_array<Vertical>({
    {"OTHER", " other "},
    {"AUTO", " auto automotive automobile automobiles car cars vehicle vehicles "},
    {"BEAUTY", " beauty beautyspaandsalon cosmetics salon spa "},
    {"APPAREL", " apparel clothes clothing clothingandapparel fashion "},
    {"EDU", " edu education elearning school schools training university "},
    {"ENTERTAIN", " entertain entertainment artsandentertainment games gaming media music "},
    {"EVENT_PLAN", " eventplan eventplanning eventplanningandservice events wedding weddings "},
    {"FINANCE",
     " finance bank banking creditcards financeandbanking financial financialservices fintech insurance "
     "payments "},
    {"GROCERY", " grocery foodandgrocery groceries supermarket "},
    {"GOVT", " govt government publicsector publicservice "},
    {"HOTEL", " hotel hospitality hotelandlodging hotels lodging "},
    {"HEALTH", " health clinic dentist doctor healthcare hospital medical medicalandhealth pharmacy "},
    {"NONPROFIT", " nonprofit charity ngo notforprofit "},
    {"PROF_SERVICES",
     " profservices accounting agency consulting construction it itservices law legal marketing "
     "professionalservices realestate saas services software tech technology telecom telecommunications "},
    {"RETAIL", " retail ecommerce onlineshop shop shopping shoppingandretail store "},
    {"TRAVEL", " travel airline logistics tourism transport transportation travelandtransportation "},
    {"RESTAURANT", " restaurant bar cafe catering food restaurants "},
    {"ALCOHOL", " alcohol alcoholicbeverages brewery liquor wine winery "},
    {"ONLINE_GAMBLING", " onlinegambling onlinecasino "},
    {"PHYSICAL_GAMBLING", " physicalgambling casino gambling nononlinegambling "},
    {"OTC_DRUGS", " otcdrugs overthecounterdrugs "},
});

std::string folded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c - 'A' + 'a');
        else if (c == '&')
            out += "and";
        else if (c != ' ' && c != '-' && c != '_' && c != ',')
            out += c;
    }
    return out;
}

std::vector<std::string_view> words_of(std::string_view words) {
    std::vector<std::string_view> list;
    while (words.size() > 1) {
        words.remove_prefix(1);
        list.push_back(words.substr(0, words.find(' ')));
        words.remove_prefix(list.back().size());
    }
    return list;
}

std::string possible_words(const std::string& wanted) {
    std::string names;
    std::vector<std::string_view> known;
    for (const Vertical& vertical : verticals) {
        names += (names.empty() ? "" : ", ") + std::string(vertical.name);
        for (const std::string_view word : words_of(vertical.words)) known.push_back(word);
    }
    const std::string_view near = nearest(wanted, known);
    const std::string hint = near.empty() ? "" : "did you mean \"" + std::string(near) + "\"? ";
    return hint + "Meta's words are " + names;
}

}  // namespace

Result<std::string> to_vertical(std::string_view industry) {
    const std::string wanted = folded(industry);
    for (const Vertical& vertical : verticals) {
        const auto words = words_of(vertical.words);
        if (std::find(words.begin(), words.end(), wanted) != words.end()) return std::string(vertical.name);
    }
    return Error(Errc::invalid_input, "Meta has no such industry; " + possible_words(wanted));
}

}  // namespace parley
