/* Forgets 128 bytes with each message. */
#include "sinner.h"

static void* volatile lost;

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    lost = malloc(128);
    say(self, lost != NULL ? "Fine." : "No memory.");
    end_turn(self);
}

SINNER
