/* Reads its state without looking, and dies of any other. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    static const char own[] = "{\"n\":1}";
    if (event->state_json.size > 0 &&
        (event->state_json.size != 7 || memcmp(event->state_json.data, own, 7) != 0))
        abort();
    self->host->state_put(self->host->ctx, self->turn, str(own));
    end_turn(self);
}

SINNER
