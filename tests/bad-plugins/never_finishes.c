/* Replies, and leaves every turn open. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    say(self, "Wait …");
}

SINNER
