// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace parley::kit {

// & < > and " as entities. A control character, which XML 1.0 cannot hold at all, becomes a question mark.
std::string to_markup(std::string_view text);

}  // namespace parley::kit
