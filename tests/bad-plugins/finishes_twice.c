/* Finishes each turn twice. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
    end_turn(self);
}

SINNER
