// The environment variables the process was started with, as a value: no module calls getenv.
#pragma once

#include <map>
#include <string>

namespace parley {

using Environment = std::map<std::string, std::string, std::less<>>;

// From main's `environ`; entries without '=' are left out.
Environment to_environment(const char* const* entries);

}  // namespace parley
