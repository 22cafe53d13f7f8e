// Keeps this process's memory, with the tokens and what people wrote, out of core dumps.
#pragma once

namespace parley {

// No core file is written, whatever limit and handler the system has, and no other process of the same user may read
// the memory or the environment of this one; root still may. Holds until the process ends, not for programs it starts.
void forbid_core_dumps() noexcept;

}  // namespace parley
