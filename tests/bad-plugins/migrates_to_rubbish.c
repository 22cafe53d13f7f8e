/* Brings every document to a form that is none. */
#include <parley/ext/state-migrate.h>

static const void* get_extension(void* self, const char* id);
#define GET_EXTENSION get_extension
#define SINNER_MEMBERS ",\"state_schema\":2"
#include "sinner.h"

static parley_status migrate(void* self, uint32_t from, parley_str state_json, void* sink_ctx,
                             parley_sink sink, char* err, size_t cap) {
    (void)self, (void)from, (void)state_json, (void)err, (void)cap;
    sink(sink_ctx, str("[]"));
    return PARLEY_OK;
}

static const void* get_extension(void* self, const char* id) {
    static const parley_state_migrate table = {sizeof table, migrate};
    (void)self;
    return strcmp(id, PARLEY_EXT_STATE_MIGRATE) == 0 ? &table : NULL;
}

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    self->host->state_put(self->host->ctx, self->turn, str("{\"n\":1}"));
    end_turn(self);
}

SINNER
