// `parley outbox`: messages that wait to be sent, or of which nobody knows whether they were, in a running engine.
#pragma once

#include <vector>

#include "app/commands/command.hpp"

namespace parley {

// list, show, send and cancel.
std::vector<Command> add_outbox(CLI::App& parley);

}  // namespace parley
