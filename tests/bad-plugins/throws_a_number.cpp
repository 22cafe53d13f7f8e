// Throws something that is no std::exception.
#include "sinner.h"

static void answer(sinner*, const parley_event*) {
    throw 42;
}

extern "C" {
SINNER
}
