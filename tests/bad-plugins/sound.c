/* No sin at all: what every false alarm would hit. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    if (event->kind == PARLEY_EVENT_MESSAGE) say(self, "I am fine.");
    end_turn(self);
}

SINNER
