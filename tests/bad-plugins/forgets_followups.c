/* Schedules a follow-up, and never finishes its turn. */
#include <parley/ext/followup.h>

#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    const parley_followup* later =
        (const parley_followup*)self->host->get_extension(self->host->ctx, PARLEY_EXT_FOLLOWUP);
    if (event->kind == PARLEY_EVENT_FOLLOWUP) return;
    if (later != NULL && event->kind == PARLEY_EVENT_MESSAGE)
        later->schedule(self->host->ctx, self->turn, str("nudge"), 3600000, 0, str(""));
    end_turn(self);
}

SINNER
