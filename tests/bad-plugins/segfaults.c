/* Writes to where nothing is. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)self, (void)event;
    /* Read anew at each use: a compiler that knew the address would refuse to write there. */
    static volatile int* volatile nowhere = (volatile int*)8;
    *nowhere = 1;
}

SINNER
