/* Believes that no message's type is longer than those it has seen. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    if (event->type.size > 40) abort();
    say(self, "I know my types.");
    end_turn(self);
}

SINNER
