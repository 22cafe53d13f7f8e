/* Stages a button whose title is longer than WhatsApp takes. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    self->host->reply(
        self->host->ctx, self->turn,
        str("{\"type\":\"interactive\",\"interactive\":{\"type\":\"button\",\"body\":{\"text\":\"Go on?\"},"
            "\"action\":{\"buttons\":[{\"type\":\"reply\",\"reply\":{\"id\":\"y\",\"title\":"
            "\"Yes, I would like that\"}}]}}}"));
    end_turn(self);
}

SINNER
