/* Holds the thread for 200 ms. */
#include <time.h>

#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    struct timespec left = {0, 200 * 1000 * 1000};
    while (nanosleep(&left, &left) != 0) {
    }
    say(self, "Done.");
    end_turn(self);
}

SINNER
