/* Takes the time in create, where only log and get_extension may be called. */
#define ON_CREATE(self, config) \
    snprintf(self->word, sizeof self->word, "%d", (int)(host->now_unix_ms(host->ctx) % 2))
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
