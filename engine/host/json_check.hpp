// Whether a text from an agent is the JSON it must be. Checks everything, keeps nothing; about 1 us for 1
// KiB.
#pragma once

#include <string_view>

namespace parley {

bool is_json_object(std::string_view text);

// The same, and nested no deeper than 32: such an object can be put into another document and read back.
bool is_shallow_object(std::string_view text);

// An object with a non-empty string "type": the least that makes a native message.
bool is_message_object(std::string_view text);

}  // namespace parley
