// Throws out of on_event.
#include <stdexcept>

#include "sinner.h"

static void answer(sinner*, const parley_event*) {
    throw std::runtime_error("nobody catches me");
}

extern "C" {
SINNER
}
