/* Sets an environment variable of the host. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    setenv("SINNER_WAS_HERE", "1", 1);
    end_turn(self);
}

SINNER
