// The rules of the taxonomy's "Never", by plain searches.
#include "tests/reply_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace edge::tests {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool has_any(std::string_view text, const std::vector<std::string_view>& parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

std::vector<std::string> sentences_of(std::string text) {
    for (std::string::size_type at; (at = text.find("।")) != std::string::npos;) text.replace(at, 3, "\n");
    std::vector<std::string> out(1);
    for (char c : text) {
        if (c == '.' || c == '!' || c == '?' || c == '\n')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

bool asks_for_secret(const std::string& sentence) {
    static const std::vector<std::string_view> secrets{"cvv",   "otp",  " pin",     "सीवीवी",
                                                       "ओटीपी", "पिन ", "full card"};
    static const std::vector<std::string_view> verbs{
        "send",   "share", "enter", "type", "provide", "tell us", "give us", "bhej",  "batao", "bataiye",
        "dijiye", "likh",  "भेज",    "बताओ", "बताइए",   "बताएं",    "बताएँ",    "दीजिए", "लिख"};
    static const std::vector<std::string_view> negations{"never",   "do not", "don't", "not ",  "nobody",
                                                         "without", " mat ",  "nahi",  "kabhi", "मत",
                                                         "नहीं",     "कभी",    " न "};
    return has_any(sentence + " ", secrets) && has_any(sentence, verbs) &&
           !has_any(sentence + " ", negations);
}

std::string digits_of(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c >= '0' && c <= '9')
            out += c;
        else if (c != ' ' && c != '-')
            out += '/';
    }
    return out;
}

void check_echo(std::string_view said, std::string_view reply, std::vector<std::string>& out) {
    const std::string theirs = digits_of(said);
    const std::string ours = digits_of(reply);
    for (std::size_t at = 0; at < theirs.size();) {
        const auto end = std::min(theirs.find('/', at), theirs.size());
        if (end - at >= 12 && ours.find(theirs.substr(at, 12)) != std::string::npos)
            out.push_back("echoes a number");
        at = end + 1;
    }
    const std::string text = lower(said);
    for (std::size_t at = 0; at + 10 <= text.size(); ++at) {
        bool pan = true;
        for (std::size_t i = 0; i < 10; ++i) {
            const auto c = static_cast<unsigned char>(text[at + i]);
            pan = pan && ((i >= 5 && i <= 8) ? std::isdigit(c) != 0 : (c < 0x80 && std::isalpha(c) != 0));
        }
        if (pan && lower(reply).find(text.substr(at, 10)) != std::string::npos) out.push_back("echoes a PAN");
    }
}

std::string without_facts(std::string reply, const Facts& facts, std::string_view profile_name) {
    std::vector<std::string> values{std::string(profile_name)};
    for (const auto& [key, value] : facts.all())
        values.insert(values.end(), value.items.begin(), value.items.end());
    std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    for (const std::string& value : values) {
        if (letters_of(value).latin == 0) continue;
        for (std::string::size_type at; (at = reply.find(value)) != std::string::npos;)
            reply.replace(at, value.size(), " ");
    }
    return reply;
}

void check_language(std::string_view reply, Language language, const Facts& facts,
                    std::string_view profile_name, std::vector<std::string>& out) {
    const Letters letters = letters_of(without_facts(std::string(reply), facts, profile_name));
    if (language == Language::hindi && letters.devanagari < letters.latin)
        out.push_back("a Hindi reply in Latin script");
    if (language != Language::hindi && letters.devanagari > 0)
        out.push_back("Devanagari in a Latin-script reply");
}

}  // namespace

Letters letters_of(std::string_view text) {
    Letters out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x80 && std::isalpha(c)) ++out.latin;
        // U+0900 to U+097F: E0 A4 80 to E0 A5 BF, less the danda.
        if (c == 0xe0 && i + 2 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xfe) == 0xa4 &&
            text.substr(i, 3) != "।")
            ++out.devanagari;
    }
    return out;
}

std::vector<std::string> broken_rules(std::string_view said, std::string_view reply, Language language,
                                      const Facts& facts, std::string_view profile_name) {
    static const std::vector<std::string_view> promises{"guaranteed",
                                                        "100% approv",
                                                        "you are approved",
                                                        "you have been approved",
                                                        "application is approved",
                                                        "has been approved",
                                                        "approve ho gaya",
                                                        "approve ho chuka",
                                                        "pakka mil",
                                                        "मंज़ूर हो गया",
                                                        "मंजूर हो गया",
                                                        "स्वीकृत हो गया",
                                                        "अप्रूव हो गया",
                                                        "you are eligible"};
    static const std::vector<std::string_view> holes{"{",  "}",         "[",   "]",    "%s",
                                                     "%d", "undefined", "NaN", "TODO", "null"};
    std::vector<std::string> out;
    const std::string text = lower(reply);
    if (reply.empty()) out.push_back("says nothing");
    if (has_any(text, promises)) out.push_back("promises approval");
    if (has_any(reply, holes)) out.push_back("has a placeholder left");
    for (const std::string& sentence : sentences_of(text))
        if (asks_for_secret(sentence)) out.push_back("asks for a secret: " + sentence);
    check_echo(said, reply, out);
    check_language(reply, language, facts, profile_name, out);
    return out;
}

}  // namespace edge::tests
