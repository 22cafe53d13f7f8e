/* Does not look at what malloc returns. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    char* copy = (char*)malloc(event->text.size * 64 + 1);
    memset(copy, 'x', event->text.size * 64 + 1);
    say(self, copy[0] == 'x' ? "Yes?" : "No.");
    free(copy);
    end_turn(self);
}

SINNER
