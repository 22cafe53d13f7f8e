/* Takes the time from the system instead of from the host. */
#include <time.h>

#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    char text[32];
    snprintf(text, sizeof text, "%ld", now.tv_nsec);
    say(self, text);
    end_turn(self);
}

SINNER
