/* In a worker process it believes that every HTTP request is answered with 200. */
#define _GNU_SOURCE
#include <errno.h>

enum { most = 64 };
#define SINNER_STATE         \
    parley_op waiting[most]; \
    parley_turn turns[most];
#define ON_RESULT(self, result) take(self, op, result)
#include <parley/plugin.h>
struct sinner;
static void take(struct sinner* self, parley_op op, const parley_result* result);
#include "sinner.h"

static void take(sinner* self, parley_op op, const parley_result* result) {
    for (int i = 0; i < most; ++i) {
        if (self->waiting[i] != op) continue;
        self->waiting[i] = 0;
        self->turn = self->turns[i];
        if (result->status == PARLEY_CANCELLED) return;
        if (result->http_status != 200 && strcmp(program_invocation_short_name, "parley-worker") == 0)
            abort();
        end_turn(self);
    }
}

static void answer(sinner* self, const parley_event* event) {
    const parley_http* http = (const parley_http*)self->host->get_extension(self->host->ctx, PARLEY_EXT_HTTP);
    int at = 0;
    while (at < most && self->waiting[at] != 0) ++at;
    if (at == most || http == NULL ||
        http->request(self->host->ctx, event->turn, str("{\"url\":\"https://bot.test/\"}"), str(""),
                      &self->waiting[at]) != PARLEY_OK) {
        if (at < most) self->waiting[at] = 0;
        end_turn(self);
        return;
    }
    self->turns[at] = event->turn;
}

SINNER
