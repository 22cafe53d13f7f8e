// `parley status`: what a running engine says of itself.
#pragma once

#include "app/commands/command.hpp"
#include "net/http_client.hpp"

namespace parley {

// Connects with a client of its own.
Command add_status(CLI::App& parley);

}  // namespace parley
