// Names that tell the engine's threads apart in top, gdb and perf.
#pragma once

#include <pthread.h>

namespace parley {

// Names the calling thread; at most 15 characters, longer names are not set. For the engine's own threads only,
// at their beginning: the main thread's name is the program's.
inline void name_this_thread(const char* name) noexcept {
    ::pthread_setname_np(::pthread_self(), name);
}

}  // namespace parley
