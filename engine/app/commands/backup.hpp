// `parley backup` and `parley restore`: the database as one file, while the engine runs, and back when it does not.
#pragma once

#include "app/commands/command.hpp"
#include "base/clock.hpp"

namespace parley {

Command add_backup(CLI::App& parley, const Clock& clock);
Command add_restore(CLI::App& parley, const Clock& clock);

}  // namespace parley
