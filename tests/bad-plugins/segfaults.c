/* Writes to where nothing is. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)self, (void)event;
    *(volatile int*)8 = 1;
}

SINNER
