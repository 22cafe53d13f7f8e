/* Keeps the handle of a turn and uses it in the next one. */
#include "sinner.h"

static parley_turn earlier;

static void answer(sinner* self, const parley_event* event) {
    if (earlier != 0) self->host->reply_text(self->host->ctx, earlier, str("by the way"));
    earlier = event->turn;
    end_turn(self);
}

SINNER
