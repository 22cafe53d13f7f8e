// `parley debug`: how to look into the agents of a running engine with a debugger.
#pragma once

#include "app/commands/command.hpp"

namespace parley {

Command add_debug(CLI::App& parley);

}  // namespace parley
