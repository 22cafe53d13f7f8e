#include "core/person_names.hpp"

#include <algorithm>

namespace parley {
namespace {

constexpr std::size_t shortest_id = 6;

bool is_part_of_a_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool has_whole(std::string_view text, std::string_view id) {
    for (auto at = text.find(id); at != text.npos; at = text.find(id, at + 1)) {
        const std::size_t end = at + id.size();
        if ((at == 0 || !is_part_of_a_word(text[at - 1])) &&
            (end == text.size() || !is_part_of_a_word(text[end])))
            return true;
    }
    return false;
}

}  // namespace

bool names_person(std::string_view text, const PersonNames& person) {
    return std::any_of(person.ids.begin(), person.ids.end(), [&](const std::string& id) {
        return id.size() >= shortest_id && has_whole(text, id);
    });
}

bool is_key_of(std::string_view key, const PersonNames& person) {
    if (names_person(key, person)) return true;
    constexpr std::string_view prefix = "conversation/";
    if (!key.starts_with(prefix)) return false;
    key.remove_prefix(prefix.size());
    key = key.substr(0, key.find('/'));
    return std::any_of(person.conversations.begin(), person.conversations.end(),
                       [&](ConversationId id) { return key == std::to_string(to_int(id)); });
}

}  // namespace parley
