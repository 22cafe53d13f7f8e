// `parley trace`: the way of one message through a running engine, and why it got no answer.
#pragma once

#include "app/commands/command.hpp"

namespace parley {

Command add_trace(CLI::App& parley);

}  // namespace parley
