// What a replay found, for people in a terminal and in a browser, and for programs.
#pragma once

#include <string>

#include "kit/replay.hpp"
#include "kit/validation_text.hpp"

namespace parley::kit {

// The differences side by side, fitted to the columns, and a line of figures at the end.
std::string to_text(const ReplayReport& report, const TextStyle& style);
std::string to_json(const ReplayReport& report);
// One page that needs nothing else: no network, light and dark, readable without its script.
std::string to_html(const ReplayReport& report);

}  // namespace parley::kit
