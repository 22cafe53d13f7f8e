// How a person is found in what agents keep under keys of their own, and in bodies that nobody understood.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"

namespace parley {

struct PersonNames {
    std::vector<ConversationId> conversations;  // theirs, and those that became one with it
    std::vector<std::string> ids;               // numbers (digits) and business-scoped ids
};

// One of the ids stands in it as a whole: no letter or digit beside it. Ids of less than 6 characters are not looked for.
bool names_person(std::string_view text, const PersonNames& person);

// A key belongs to a person when it names them so, or is conversation/NUMBER or begins with conversation/NUMBER/.
bool is_key_of(std::string_view key, const PersonNames& person);

}  // namespace parley
