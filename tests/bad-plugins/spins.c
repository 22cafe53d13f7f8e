/* Never comes back from on_event. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)self, (void)event;
    static volatile int for_ever = 1;
    while (for_ever) {
    }
}

SINNER
