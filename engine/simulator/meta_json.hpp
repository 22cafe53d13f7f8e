// JSON text as Meta's webhook sender writes it: non-ASCII as lower-case \uXXXX (surrogate pairs beyond the
// BMP), '/' as
// "\/", and @ % < > & as \u00XX. The signature covers exactly these bytes, so a receiver that parses and
// dumps the body before it checks the signature fails here as it would fail at Meta.
#pragma once

#include <string>
#include <string_view>

#include "simulator/json.hpp"

namespace parley::sim {

// Compact, pure ASCII. Text that is not UTF-8 has each bad byte as \ufffd.
std::string to_meta_json(const Json& document);

void append_meta_string(std::string& out, std::string_view utf8);

}  // namespace parley::sim
