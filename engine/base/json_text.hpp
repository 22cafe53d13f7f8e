// Writing JSON text piece by piece, where building a document tree would cost more than the work itself.
#pragma once

#include <string>
#include <string_view>

namespace parley {

// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, so the result is
// always valid JSON whatever came from outside. Control characters are escaped, those that JSON would let
// through (DEL, C1) too: a terminal might obey them.
void append_json_string(std::string& out, std::string_view text);

std::string json_string(std::string_view text);

}  // namespace parley
