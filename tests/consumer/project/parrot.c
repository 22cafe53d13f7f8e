/* A C agent that repeats. */
#include <string.h>

#include <parley/plugin.h>

PARLEY_MANIFEST("{\"id\":\"com.example.parrot\",\"version\":\"1.0.0\",\"abi\":[1,0]}");

static const parley_host* the_host;

static void on_event(void* self, const parley_event* event) {
    (void)self;
    const parley_str nothing = {0};
    if (event->text.size > 0) the_host->reply_text(the_host->ctx, event->turn, event->text);
    the_host->finish(the_host->ctx, event->turn, PARLEY_OK, nothing);
}

static void destroy(void* self) {
    (void)self;
}

static parley_status create(const char* id, const parley_host* host, parley_str config_json,
                            parley_agent* out, char* err, size_t cap) {
    (void)id, (void)config_json, (void)err, (void)cap;
    the_host = host;
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->on_event = on_event;
    out->destroy = destroy;
    return PARLEY_OK;
}

static uint32_t count(void) {
    return 1;
}
static const parley_desc* desc(uint32_t index) {
    static const parley_desc parrot = {sizeof parrot, "com.example.parrot", "1.0.0", "Repeats"};
    return index == 0 ? &parrot : NULL;
}

const parley_plugin parley_plugin_v1 = {
    sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, count, desc, create};
