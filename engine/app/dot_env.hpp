// The file .env: one NAME=value a line, read beside the configuration.
//
// Understood: blank lines, # comments (after a value too, with a space before), `export ` in front, 'single
// quotes' (taken as they are) and "double quotes" (with \n \t \\ \" \$). Nothing is expanded. The last of two
// equal names wins.
#pragma once

#include <string_view>

#include "app/diagnostic.hpp"
#include "app/environment.hpp"

namespace parley {

struct DotEnv {
    Environment variables;
    Diagnostics errors;  // name the line and the variable, never a value; their `file` is empty
};

DotEnv parse_dot_env(std::string_view text);

}  // namespace parley
