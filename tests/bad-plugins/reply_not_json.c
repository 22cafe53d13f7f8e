/* Stages something that is no JSON. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    self->host->reply(self->host->ctx, self->turn, str("{type: text}"));
    end_turn(self);
}

SINNER
