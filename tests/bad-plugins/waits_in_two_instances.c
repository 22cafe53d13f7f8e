/* One static variable for all instances: a new instance makes the old one forget its turns. */
#include <parley/plugin.h>
static void* newest;
#define ON_CREATE(self, config) newest = self
#define ON_RESULT(self, result) \
    if (newest == self && result->status != PARLEY_CANCELLED) end_turn(self)
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
