#include "app/environment.hpp"

#include <string_view>

namespace parley {

Environment to_environment(const char* const* entries) {
    Environment environment;
    for (; entries != nullptr && *entries != nullptr; ++entries) {
        const std::string_view entry = *entries;
        const auto equals = entry.find('=');
        if (equals == 0 || equals == std::string_view::npos) continue;
        environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return environment;
}

}  // namespace parley
