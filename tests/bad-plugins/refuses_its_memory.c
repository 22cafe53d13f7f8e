/* Gives its memory, and does not take it. */
#include <parley/ext/handover.h>

static const void* get_extension(void* self, const char* id);
#define GET_EXTENSION get_extension
#include "sinner.h"

static parley_status export_memory(void* self, void* sink_ctx, parley_sink sink, char* err, size_t cap) {
    (void)self, (void)err, (void)cap;
    sink(sink_ctx, str("{\"n\":1}"));
    return PARLEY_OK;
}

static parley_status import_memory(void* self, parley_str version, parley_str json, char* err, size_t cap) {
    (void)self, (void)version, (void)json;
    snprintf(err, cap, "who are you?");
    return PARLEY_DENIED;
}

static const void* get_extension(void* self, const char* id) {
    static const parley_handover table = {sizeof table, export_memory, import_memory};
    (void)self;
    return strcmp(id, PARLEY_EXT_HANDOVER) == 0 ? &table : NULL;
}

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
