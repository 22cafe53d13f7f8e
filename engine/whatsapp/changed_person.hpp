// Whom a change of another webhook field is about: the caller, who took back a consent, whom a colleague wrote to.
#pragma once

#include <string_view>

#include "core/message.hpp"
#include "whatsapp/json_document.hpp"

namespace parley {

// Empty when it is about nobody, or about more than one person.
Party read_changed_person(std::string_view field, const JsonValue& value);

// Whether the change tells that a user called: that opens the service window as a message does.
bool is_user_call(std::string_view field, const JsonValue& value);

}  // namespace parley
