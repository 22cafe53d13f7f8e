#include "store/redaction.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/crypto/hmac.hpp"

namespace parley {
namespace {

constexpr std::size_t shortest_run = 7;
constexpr std::size_t shortest_secret = 6;
constexpr std::size_t shortest_word = 3;
constexpr std::size_t kept_of_a_hash = 24;
constexpr std::int64_t near_ms = 400LL * 24 * 3600 * 1000;
constexpr std::string_view message_id = "wamid.";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
// Of a name or an e-mail address; bytes of other scripts count as letters.
bool is_letter(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}
bool is_local(char c) {
    return (is_word(c) && static_cast<unsigned char>(c) < 0x80) || c == '.' || c == '+' || c == '-';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string pseudonym_of(const std::string& id, std::size_t kept, const std::string& number) {
    if (id.size() <= kept + number.size()) return id.substr(0, kept) + number;
    return id.substr(0, kept) + std::string(id.size() - kept - number.size(), '0') + number;
}

// 2026-11-21
bool is_date_at(std::string_view text, std::size_t at) {
    constexpr std::string_view form = "dddd-dd-dd";
    if (text.size() - at < form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == 'd' ? !is_digit(text[at + i]) : text[at + i] != '-') return false;
    return at + form.size() == text.size() || !is_digit(text[at + form.size()]);
}

std::size_t email_at(std::string_view text, std::size_t at) {
    if (!is_local(text[at]) || (at > 0 && is_local(text[at - 1]))) return 0;
    std::size_t end = at;
    while (end < text.size() && is_local(text[end])) ++end;
    if (end == text.size() || text[end] != '@') return 0;
    const std::size_t domain = ++end;
    while (end < text.size() && is_local(text[end])) ++end;
    while (end > domain && text[end - 1] == '.') --end;
    return text.substr(domain, end - domain).find('.') == std::string_view::npos ? 0 : end - at;
}

std::size_t message_id_at(std::string_view text, std::size_t at) {
    if (!text.substr(at).starts_with(message_id)) return 0;
    std::size_t end = at + message_id.size();
    const auto belongs = [](char c) { return is_word(c) || c == '+' || c == '/' || c == '=' || c == '-'; };
    // A dot between two such characters belongs to it, one at the end of a sentence does not.
    while (end < text.size() &&
           (belongs(text[end]) || (text[end] == '.' && end + 1 < text.size() && belongs(text[end + 1]))))
        ++end;
    return end - at;
}

std::string hashed_id(std::string_view id) {
    const std::string_view rest = id.substr(message_id.size());
    const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
    if (rest.size() == kept_of_a_hash + 1 && rest[0] == 'r' &&
        std::all_of(rest.begin() + 1, rest.end(), is_hex))
        return std::string(id);
    return std::string(message_id) + "r" + to_hex(sha256(id)).substr(0, kept_of_a_hash);
}

bool names_a_key(std::string_view name) {
    std::string small(name);
    std::transform(small.begin(), small.end(), small.begin(), lower);
    constexpr std::array<std::string_view, 7> words{"key",  "token", "secret",    "sig",
                                                    "pass", "auth",  "credential"};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return small.find(word) != std::string::npos; });
}

bool is_contact_name(std::string_view key) {
    return key == "formatted_name" || key == "first_name" || key == "last_name" || key == "middle_name";
}

}  // namespace

Redactor::Redactor(RecordedPerson person, std::int64_t conversation, WallTime about,
                   std::vector<std::string> secrets)
    : person_(std::move(person)), about_ms_(unix_ms(about)) {
    const std::string number = std::to_string(conversation);
    if (!person_.wa_id.empty()) pseudonym_.wa_id = pseudonym_of(person_.wa_id, 2, number);
    const std::string& id = person_.user_id.empty() ? person_.parent_user_id : person_.user_id;
    if (!id.empty()) pseudonym_.user_id = pseudonym_of(id, 3, number);
    if (!person_.name.empty()) pseudonym_.name = "Person" + number;
    add_tokens(secrets);
}

void Redactor::add_tokens(const std::vector<std::string>& secrets) {
    for (const std::string& secret : secrets)
        if (secret.size() >= shortest_secret) tokens_.push_back({secret, "[secret]"});
    for (const std::string& id : {person_.user_id, pseudonym_.user_id})
        if (id.size() >= shortest_secret) tokens_.push_back({id, pseudonym_.user_id});
    if (person_.parent_user_id.size() >= shortest_secret)
        tokens_.push_back({person_.parent_user_id, pseudonym_.user_id});
    if (person_.name.size() >= shortest_word) tokens_.push_back({person_.name, pseudonym_.name, true});
    std::size_t begin = 0;
    while (begin < person_.name.size()) {
        std::size_t end = begin;
        while (end < person_.name.size() && is_word(person_.name[end])) ++end;
        const std::string word = person_.name.substr(begin, end - begin);
        if (word.size() >= shortest_word && std::any_of(word.begin(), word.end(), is_letter))
            tokens_.push_back({word, pseudonym_.name, true});
        begin = end + 1;
    }
}

Redactor::Match Redactor::token_at(std::string_view text, std::size_t at) const {
    const std::string_view rest = text.substr(at);
    if (const std::size_t size = message_id_at(text, at)) return {size, hashed_id(rest.substr(0, size))};
    if (const std::size_t size = email_at(text, at)) return {size, "someone@example.com"};
    for (const Token& token : tokens_) {
        if (rest.size() < token.from.size()) continue;
        const std::string_view found = rest.substr(0, token.from.size());
        if (!token.is_word ? found != token.from : !equal_ignoring_case(found, token.from)) continue;
        const bool is_inside = (at > 0 && is_word(text[at - 1])) ||
                               (rest.size() > token.from.size() && is_word(rest[token.from.size()]));
        if (token.is_word && is_inside) continue;
        return {token.from.size(), token.to};
    }
    return {};
}

bool Redactor::is_time(std::string_view digits) const {
    if (digits.front() != '1' || (digits.size() != 10 && digits.size() != 13)) return false;
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return std::abs((digits.size() == 10 ? value * 1000 : value) - about_ms_) < near_ms;
}

std::string Redactor::masked(std::string_view run, const std::string& digits) const {
    std::string to;
    if (digits == pseudonym_.wa_id) {
        to = digits;
    } else if (person_.wa_id.size() >= digits.size() && person_.wa_id.ends_with(digits)) {
        to = pseudonym_.wa_id.substr(pseudonym_.wa_id.size() -
                                     std::min(digits.size(), pseudonym_.wa_id.size()));
    } else if (run.size() == digits.size() && is_time(digits)) {
        to = digits;
    } else {
        to = digits.substr(0, 1) + std::string(digits.size() - 1, '0');
    }
    if (to.size() != digits.size()) return to;
    std::string shaped(run);
    std::size_t next = 0;
    for (char& c : shaped)
        if (is_digit(c)) c = to[next++];
    return shaped;
}

Redactor::Match Redactor::digits_at(std::string_view text, std::size_t at) const {
    if (!is_digit(text[at]) || (at > 0 && is_digit(text[at - 1]))) return {};
    if (is_date_at(text, at)) return {10, std::string(text.substr(at, 10))};
    std::string digits;
    std::size_t end = at;
    for (std::size_t i = at; i < text.size(); ++i) {
        if (is_digit(text[i])) {
            digits += text[i];
            end = i + 1;
        } else if ((text[i] != ' ' && text[i] != '-') || !is_digit(text[i - 1])) {
            break;
        }
    }
    const std::string_view run = text.substr(at, end - at);
    if (digits.size() < shortest_run) return {run.size(), std::string(run)};
    return {run.size(), masked(run, digits)};
}

std::string Redactor::text(std::string_view plain) const {
    std::string out;
    out.reserve(plain.size());
    for (std::size_t at = 0; at < plain.size();) {
        Match match = token_at(plain, at);
        if (match.size == 0) match = digits_at(plain, at);
        if (match.size == 0) {
            out += plain[at++];
            continue;
        }
        out += match.to;
        at += match.size;
    }
    return out;
}

Redactor::Json Redactor::number(const Json& plain) const {
    const std::string before = plain.dump();
    const std::string after = text(before);
    return before == after ? plain : Json::parse(after, nullptr, false);
}

Redactor::Json Redactor::json(const Json& plain) const {
    if (plain.is_string()) {
        const auto& value = plain.get_ref<const std::string&>();
        if (!value.empty() && value == person_.name) return pseudonym_.name;
        return text(value);
    }
    if (plain.is_number_integer()) return number(plain);
    if (plain.is_array()) {
        Json all = Json::array();
        for (const Json& one : plain) all.push_back(json(one));
        return all;
    }
    if (!plain.is_object()) return plain;
    Json all = Json::object();
    for (const auto& [key, value] : plain.items()) {
        if ((key == "latitude" || key == "longitude") && value.is_number())
            all[key] = std::round(value.get<double>() * 10) / 10;
        else if (is_contact_name(key) && value.is_string())
            all[key] = "Someone";
        else
            all[text(key)] = json(value);
    }
    return all;
}

std::string Redactor::document(std::string_view plain) const {
    const Json parsed = Json::parse(plain, nullptr, false);
    if (!parsed.is_object() && !parsed.is_array()) return text(plain);
    return json(parsed).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Redactor::url(std::string_view plain) const {
    const std::size_t query = std::min(plain.find('?'), plain.size());
    std::string out = text(plain.substr(0, query));
    for (std::size_t at = query; at < plain.size();) {
        const std::size_t next = std::min(plain.find('&', at + 1), plain.size());
        const std::string_view part = plain.substr(at, next - at);
        const std::size_t equals = std::min(part.find('='), part.size());
        const bool hides = names_a_key(part.substr(0, equals)) && equals < part.size();
        out += hides ? std::string(part.substr(0, equals)) + "=[secret]" : text(part);
        at = next;
    }
    return out;
}

}  // namespace parley
