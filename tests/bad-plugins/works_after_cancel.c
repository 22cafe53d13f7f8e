/* Goes on with a turn that was taken away. */
#define ON_RESULT(self, result) end_turn(self)
#define ON_CANCEL(self, turn) say(self, "Too late?")
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    const parley_timer* timer =
        (const parley_timer*)self->host->get_extension(self->host->ctx, PARLEY_EXT_TIMER);
    parley_op op;
    if (timer == NULL || timer->start(self->host->ctx, self->turn, 100, &op) != PARLEY_OK) end_turn(self);
}

SINNER
