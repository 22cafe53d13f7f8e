// What no reply may ever do, as far as a machine can see it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "replies/facts.hpp"
#include "understanding/labels.hpp"

namespace edge::tests {

// Sentences about broken rules; empty when there are none. `profile_name` may stand in the reply.
std::vector<std::string> broken_rules(std::string_view said, std::string_view reply, Language language,
                                      const Facts& facts, std::string_view profile_name);

// Letters of Devanagari and of Latin in `text`.
struct Letters {
    int devanagari = 0;
    int latin = 0;
};
Letters letters_of(std::string_view text);

}  // namespace edge::tests
