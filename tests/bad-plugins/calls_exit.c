/* Ends the whole process. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)self, (void)event;
    exit(3);
}

SINNER
