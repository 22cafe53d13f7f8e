/* Counts in a variable of the thread. */
#include "sinner.h"

static _Thread_local int seen;

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    char text[32];
    snprintf(text, sizeof text, "message %d", ++seen > 3 ? 3 : seen);
    say(self, text);
    end_turn(self);
}

SINNER
