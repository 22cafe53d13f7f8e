// The simulator's JSON document, which keeps the order of keys as people wrote them, and safe ways to look
// into it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace parley::sim {

using Json = nlohmann::ordered_json;

// The document in `text`, or nothing when it is not JSON or not an object.
std::optional<Json> parse_object(std::string_view text);

// The member of an object; null pointer when `object` is no object or has no such member.
const Json* member(const Json& object, std::string_view key);

// The member as text, number or truth value; `otherwise` when it is absent or of another type.
std::string text_of(const Json& object, std::string_view key, std::string otherwise = {});
std::int64_t number_of(const Json& object, std::string_view key, std::int64_t otherwise = 0);
bool flag_of(const Json& object, std::string_view key, bool otherwise = false);

// UTF-8 text; bytes that are not UTF-8 become U+FFFD.
std::string to_text(const Json& document);

}  // namespace parley::sim
