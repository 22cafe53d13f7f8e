/* Believes that every HTTP request is answered with 200. */
#define ON_RESULT(self, result)                                  \
    if (self->turn != 0 && result->status != PARLEY_CANCELLED) { \
        if (result->http_status != 200) abort();                 \
        end_turn(self);                                          \
        self->turn = 0;                                          \
    }
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    const parley_http* http = (const parley_http*)self->host->get_extension(self->host->ctx, PARLEY_EXT_HTTP);
    parley_op op;
    if (http == NULL || http->request(self->host->ctx, self->turn, str("{\"url\":\"https://bot.test/\"}"),
                                      str(""), &op) != PARLEY_OK)
        end_turn(self);
}

SINNER
