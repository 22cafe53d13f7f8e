// Throws out of create.
#include <stdexcept>

#define ON_CREATE(self, config) throw std::logic_error("no settings")
#include "sinner.h"

static void answer(sinner* self, const parley_event*) {
    end_turn(self);
}

extern "C" {
SINNER
}
