/* Takes a message that comes again after a crash for one that is done. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    if (event->attempt == 0) say(self, "Yes?");
    end_turn(self);
}

SINNER
