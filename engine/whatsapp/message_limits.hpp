// Meta's documented limits on what is sent.
#pragma once

#include <optional>
#include <string>

#include "whatsapp/json_document.hpp"

namespace parley {

// The first documented limit that a native message (without the frame) breaks, for people: the field and the limit, as
// "interactive.action.buttons[1].reply.title: 27 characters, at most 20". None: Graph has no reason to refuse it for its
// form. Types that are not known here pass. Characters are counted as UTF-16 units, the strictest way.
std::optional<std::string> find_broken_limit(const JsonValue& message);

}  // namespace parley
