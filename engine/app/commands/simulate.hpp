// `parley simulate`: the WhatsApp Cloud API stand-in on its own.
#pragma once

#include "app/commands/command.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

Command add_simulate(CLI::App& parley, const Clock& clock, Random& random);

}  // namespace parley
