/* Cannot bear to be in a process of its own. */
#define _GNU_SOURCE
#include <errno.h>

#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    if (strcmp(program_invocation_short_name, "parley-worker") == 0) abort();
    say(self, "So many of us here.");
    end_turn(self);
}

SINNER
