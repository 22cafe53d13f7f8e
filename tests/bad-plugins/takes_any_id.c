/* Makes an instance for any id that begins like its own. */
#include <string.h>

#undef strcmp
#define strcmp(a, b) strncmp(a, b, 6)
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
