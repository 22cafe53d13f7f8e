/* Forgets 64 KiB with each message. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    char* lost = (char*)malloc(64 * 1024);
    if (lost != NULL) memset(lost, 1, 64 * 1024);
    say(self, lost != NULL && lost[7] == 1 ? "Fine." : "No memory.");
    end_turn(self);
}

SINNER
