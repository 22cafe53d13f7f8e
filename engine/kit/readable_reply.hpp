// A native message as a person would read it.
#pragma once

#include <string>

namespace parley::kit {

// Texts, and interactive messages with their buttons and rows, a line each. Everything else, and what is no JSON, as it
// is, JSON indented.
std::string readable_reply(const std::string& native_json);

}  // namespace parley::kit
