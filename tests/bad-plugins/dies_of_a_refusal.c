/* Ends the host when a reply is refused. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    if (self->host->reply_text(self->host->ctx, self->turn, str("Yes?")) != PARLEY_OK) abort();
    end_turn(self);
}

SINNER
