// Firestore's values as its REST interface writes them: each says its type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"

namespace parley::firestore {

using Json = nlohmann::json;

Json text(std::string_view value);
Json integer(std::int64_t value);
Json flag(bool value);
Json time(WallTime value);
Json time(const std::optional<WallTime>& value);  // null when there is none
Json times(const std::vector<WallTime>& values);

// From the fields of a document. Nothing when the field is missing or of another type; a time has milliseconds.
std::optional<std::string> read_text(const Json& fields, const char* name);
std::optional<std::int64_t> read_integer(const Json& fields, const char* name);
std::optional<WallTime> read_time(const Json& fields, const char* name);
std::vector<WallTime> read_times(const Json& fields, const char* name);
const Json* read_map(const Json& fields, const char* name);  // its fields

std::optional<WallTime> parse_time(std::string_view rfc3339);  // of UTC: ends in Z

// What goes over the wire. Bytes that are no UTF-8 become U+FFFD.
std::string to_body(const Json& json);

}  // namespace parley::firestore
