/* Finishes events it does not know with an error. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    const parley_status status = event->kind <= PARLEY_EVENT_SYSTEM ? PARLEY_OK : PARLEY_UNSUPPORTED;
    self->host->finish(self->host->ctx, self->turn, status, str(""));
}

SINNER
