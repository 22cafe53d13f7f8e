/* Greets on stdout when it is loaded. */
#include "sinner.h"

__attribute__((constructor)) static void greet(void) {
    printf("sinner 1.0 ready\n");
}

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
