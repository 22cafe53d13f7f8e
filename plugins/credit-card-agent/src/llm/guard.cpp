// The rules by plain searches, each on the side of refusing.
#include "llm/guard.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace edge {
namespace {

constexpr std::size_t most_characters = 600;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

template <std::size_t N>
bool has_any(std::string_view text, const std::array<std::string_view, N>& parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::vector<std::string> sentences_of(std::string text) {
    for (std::string::size_type at; (at = text.find("।")) != std::string::npos;) text.replace(at, 3, "\n");
    std::vector<std::string> out(1);
    for (char c : text) {
        if (c == '.' || c == '!' || c == '?' || c == '\n' || c == ';')
            out.emplace_back(" ");
        else
            out.back() += c;
    }
    return out;
}

// A sentence may name a secret only to warn of it.
bool asks_for_secret(const std::string& text) {
    constexpr std::array<std::string_view, 17> secrets{
        "cvv",           "otp",    "pin ",  " pin", "password", "card number", "pan number", "aadhaar number",
        "aadhar number", "सीवीवी", "ओटीपी", "पिन",  "पासवर्ड",   "कार्ड नंबर",    "पैन नंबर",     "आधार नंबर",
        "expiry"};
    constexpr std::array<std::string_view, 17> warnings{
        "never", "do not", "don't", "not ", "nobody", "no one", "without",    " mat ",   "nahi",
        "kabhi", " na ",   "मत",    "नहीं",  "कभी",    " न ",    "in the app", "app mein"};
    const auto all = sentences_of(text);
    return std::any_of(all.begin(), all.end(), [&](const std::string& sentence) {
        return has_any(sentence + " ", secrets) && !has_any(sentence + " ", warnings);
    });
}

bool promises(std::string_view text) {
    constexpr std::array<std::string_view, 25> promises{"guarantee",
                                                        "approved",
                                                        "100%",
                                                        "assured",
                                                        "definitely get",
                                                        "you are eligible",
                                                        "you're eligible",
                                                        "you qualify",
                                                        "you will get the card",
                                                        "pakka",
                                                        "guarantee",
                                                        "approve ho ga",
                                                        "approve ho ja",
                                                        "mil hi ja",
                                                        "zaroor mil",
                                                        "eligible hain",
                                                        "eligible ho",
                                                        "गारंटी",
                                                        "पक्का",
                                                        "मंज़ूर हो",
                                                        "मंजूर हो",
                                                        "स्वीकृत हो",
                                                        "अप्रूव हो",
                                                        "ज़रूर मिल",
                                                        "पात्र हैं"};
    return has_any(text, promises);
}

bool names_other_products(std::string_view text) {
    constexpr std::array<std::string_view, 14> others{
        "hdfc",    "icici",   "axis bank", "sbi ",     "kotak",    "amex",     "american express",
        "onecard", "au bank", "idfc",      "indusind", "flipkart", "yes bank", "rbl"};
    return has_any(text, others);
}

bool has_marks(std::string_view text) {
    constexpr std::array<std::string_view, 7> marks{"{{", "}}",  "${",           "undefined",
                                                    "<|", "```", "system prompt"};
    return has_any(text, marks);
}

// Number words say amounts past the check of digits.
bool has_number_words(std::string_view text) {
    constexpr std::array<std::string_view, 12> words{"hundred", "thousand", " lakh", "crore",
                                                     "hazaar",  "hazar",    "सौ ",   "हज़ार",
                                                     "हजार",    " लाख",     "करोड़",  "per cent"};
    return has_any(text, words);
}

std::vector<std::string> numbers_of(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() &&
               (is_digit(text[end]) ||
                ((text[end] == ',' || text[end] == '.') && end + 1 < text.size() && is_digit(text[end + 1]))))
            ++end;
        out.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return out;
}

}  // namespace

Guard::Guard(const Facts& facts, const Understander& understander) : understander_(understander) {
    for (const auto& [key, value] : facts.all()) {
        for (const std::string& item : value.items) {
            for (std::string& number : numbers_of(item)) numbers_.insert(std::move(number));
            facts_text_ += lower(item) + '\n';
            if (std::any_of(item.begin(), item.end(), [](unsigned char c) { return std::isalpha(c) != 0; }))
                names_.insert(item);
        }
    }
}

std::string Guard::broken_rule(std::string_view answer, Language wanted) const {
    const std::string text = lower(answer);
    if (text.find_first_not_of(" \n\t") == std::string::npos) return "is empty";
    if (characters(text) > most_characters) return "is too long";
    if (asks_for_secret(text)) return "names a secret without warning of it";
    if (promises(text)) return "promises something";
    if (names_other_products(text)) return "speaks of another product";
    if (has_marks(text)) return "holds marks of a template or of instructions";
    if (has_foreign_number(text) || has_number_words(text)) return "states a number that is not in the facts";
    if (has_foreign_link(text)) return "names a link or an address that is not in the facts";
    if (!speaks(answer, wanted)) return "is in another language";
    return {};
}

bool Guard::has_foreign_number(std::string_view answer) const {
    // Devanagari digits U+0966 to U+096F.
    for (std::size_t i = 0; i + 2 < answer.size(); ++i) {
        const auto third = static_cast<unsigned char>(answer[i + 2]);
        if (answer[i] == '\xe0' && answer[i + 1] == '\xa5' && third >= 0xa6 && third <= 0xaf) return true;
    }
    const auto stated = numbers_of(answer);
    return std::any_of(stated.begin(), stated.end(),
                       [&](const std::string& number) { return !numbers_.contains(number); });
}

bool Guard::has_foreign_link(std::string_view answer) const {
    for (std::size_t at = 0; at < answer.size();) {
        const auto end = std::min(answer.find_first_of(" \n\t()<>*\"'", at), answer.size());
        std::string_view word = answer.substr(at, end - at);
        while (!word.empty() && std::string_view(".,!?;:").find(word.back()) != std::string_view::npos)
            word.remove_suffix(1);
        const bool link = word.find("://") != word.npos || word.starts_with("www.") ||
                          word.find('@') != word.npos || word.find(".com") != word.npos ||
                          word.find(".in/") != word.npos || word.ends_with(".in");
        if (link && facts_text_.find(std::string(word)) == std::string::npos) return true;
        at = end + 1;
    }
    return false;
}

std::string Guard::without_names(std::string text) const {
    for (const std::string& name : names_)
        for (std::string::size_type at; (at = text.find(name)) != std::string::npos;)
            text.replace(at, name.size(), " ");
    return text;
}

bool Guard::speaks(std::string_view answer, Language wanted) const {
    std::size_t latin = 0;
    std::size_t devanagari = 0;
    const std::string text = without_names(std::string(answer));
    for (std::size_t i = 0; i < text.size(); ++i) {
        latin += std::isalpha(static_cast<unsigned char>(text[i])) != 0;
        const bool lead = text[i] == '\xe0' && i + 1 < text.size();
        devanagari += lead && (static_cast<unsigned char>(text[i + 1]) & 0xfe) == 0xa4;
    }
    if (wanted == Language::hindi) return devanagari > 0 && devanagari >= latin;
    return devanagari == 0 && understander_.understand(text).language == wanted;
}

}  // namespace edge
