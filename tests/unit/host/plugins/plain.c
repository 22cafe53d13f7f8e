/* The least an agent does: one fixed reply a turn. Used to measure what the engine itself costs. */
#include <stdlib.h>

#include <parley/plugin.h>

PARLEY_MANIFEST("{\"id\":\"plain\",\"version\":\"1.0.0\",\"abi\":[1,0]" PLAIN_EXTRA "}");

typedef struct plain {
    const parley_host* host;
} plain;

static void on_event(void* self, const parley_event* event) {
    const parley_host* host = ((const plain*)self)->host;
    host->reply_text(host->ctx, event->turn, event->text);
    host->finish(host->ctx, event->turn, PARLEY_OK, (parley_str){NULL, 0});
}

static void destroy(void* self) {
    free(self);
}

static parley_status create(const char* id, const parley_host* host, parley_str config, parley_agent* out,
                            char* err, size_t cap) {
    (void)id, (void)config, (void)err, (void)cap;
    plain* self = malloc(sizeof *self);
    if (!self) return PARLEY_LIMIT;
    self->host = host;
    *out = (parley_agent){.struct_size = sizeof *out, .self = self, .on_event = on_event, .destroy = destroy};
    return PARLEY_OK;
}

static uint32_t count(void) {
    return 1;
}

static const parley_desc* desc(uint32_t index) {
    static const parley_desc only = {sizeof only, "plain", "1.0.0", "one reply"};
    return index == 0 ? &only : NULL;
}

PARLEY_EXPORT const parley_plugin parley_plugin_v1 = {sizeof(parley_plugin), 1, 0, count, desc, create};
