/* Waits for a timer that the host refused. */
#define ON_RESULT(self, result) \
    if (result->status == PARLEY_OK) end_turn(self)
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    const parley_timer* timer =
        (const parley_timer*)self->host->get_extension(self->host->ctx, PARLEY_EXT_TIMER);
    parley_op op;
    if (timer == NULL)
        end_turn(self);
    else
        timer->start(self->host->ctx, self->turn, 100, &op);
}

SINNER
