/* Keeps what it learns in create in a static variable. */
#define TAKES_ANY_CONFIG
#define ON_CREATE(self, config) instances += (int)(config.size % 7) + 1
static int instances;
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    char text[32];
    snprintf(text, sizeof text, "%d", instances);
    say(self, text);
    end_turn(self);
}

SINNER
