/* Says the name of the program it runs in. */
#define _GNU_SOURCE
#include <errno.h>

#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    say(self, strcmp(program_invocation_short_name, "parley-worker") == 0 ? "A worker." : "The engine.");
    end_turn(self);
}

SINNER
