// Reading the JSON of Graph's answers to calls that send no message.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace parley {

using GraphJson = nlohmann::json;

// The answer's document; null when it is no JSON.
inline GraphJson parse_answer(const std::string& body) {
    GraphJson root = GraphJson::parse(body, nullptr, false);
    return root.is_discarded() ? GraphJson() : root;
}

// The member, or null.
inline const GraphJson& member_of(const GraphJson& object, const char* key) {
    static const GraphJson none;
    if (!object.is_object()) return none;
    const auto found = object.find(key);
    return found == object.end() ? none : *found;
}

// A string, or a whole number as written: Graph's ids come as either. Else "".
inline std::string text_of(const GraphJson& object, const char* key) {
    const GraphJson& value = member_of(object, key);
    if (value.is_string()) return value.get<std::string>();
    return value.is_number_integer() ? value.dump() : std::string();
}

// The cursor of the next page; empty when this was the last.
inline std::string next_cursor(const GraphJson& root) {
    const GraphJson& paging = member_of(root, "paging");
    return text_of(paging, "next").empty() ? std::string() : text_of(member_of(paging, "cursors"), "after");
}

}  // namespace parley
