// Holds an agent's settings against the JSON Schema in its manifest, before any of its code runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace parley {

struct SettingMistake {
    std::string pointer;  // JSON pointer to the value, or to the key that is not known
    std::string what;     // never quotes a value: it may be a secret
    std::string instead;  // what to write; may be empty
};

// Every mistake, in the order in which they are found, at most 50. Keywords of JSON Schema draft 4, of which later
// drafts' unknown ones are ignored; an empty schema allows everything. invalid_input when one of the texts is not
// a JSON object.
Result<std::vector<SettingMistake>> find_setting_mistakes(std::string_view schema_json,
                                                          std::string_view config_json);

}  // namespace parley
