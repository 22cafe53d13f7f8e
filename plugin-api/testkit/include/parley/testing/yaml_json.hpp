// YAML read as JSON text, for agents' configurations in files.
#pragma once

#include <string>
#include <string_view>

namespace parley::testing {

// Scalars without quotes are typed as YAML 1.2 says: null, true, false, numbers; all others are text. Throws
// std::runtime_error with line and column where it is not YAML or a key stands twice. Empty: "null".
std::string yaml_to_json(std::string_view yaml);

}  // namespace parley::testing
