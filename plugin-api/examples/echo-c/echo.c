/* The echo agent in plain C11: every message is answered with its own text. Needs no SDK. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parley/plugin.h>

#define ECHO_ID "echo-c"
#define ECHO_VERSION "1.0.0"
#define ECHO_SUMMARY "Replies with the text it got, in plain C"

PARLEY_MANIFEST("{\"id\":\"" ECHO_ID "\",\"version\":\"" ECHO_VERSION "\",\"summary\":\"" ECHO_SUMMARY
                "\",\"abi\":[1,0],\"sdk\":\"none\",\"compiler\":\"C " __VERSION__
                "\",\"requires\":[],\"optional\":[],\"features\":[],\"concurrency\":\"instance\","
                "\"config_schema\":{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}}");

typedef struct echo {
    const parley_host* host;
} echo;

static parley_str str(const char* text) {
    return (parley_str){text, strlen(text)};
}

static parley_status reply(const parley_host* host, const parley_event* event) {
    if (event->text.size > 0) return host->reply_text(host->ctx, event->turn, event->text);

    char text[96];
    const int size = snprintf(text, sizeof text, "I got a message of type %.*s.",
                              (int)(event->type.size < 48 ? event->type.size : 48), event->type.data);
    return host->reply_text(host->ctx, event->turn, (parley_str){text, (size_t)size});
}

static void on_event(void* self, const parley_event* event) {
    const parley_host* host = ((const echo*)self)->host;
    parley_status status = PARLEY_OK;
    if (event->kind == PARLEY_EVENT_MESSAGE) status = reply(host, event);
    host->finish(host->ctx, event->turn, status,
                 str(status == PARLEY_OK ? "" : "the host refused the reply"));
}

static void destroy(void* self) {
    free(self);
}

static int is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int is_empty_object(parley_str json) {
    char braces[2];
    size_t found = 0;
    for (size_t i = 0; i < json.size; ++i) {
        if (is_blank(json.data[i])) continue;
        if (found == 2) return 0;
        braces[found++] = json.data[i];
    }
    return found == 0 || (found == 2 && braces[0] == '{' && braces[1] == '}');
}

static parley_status fail(parley_status status, const char* why, char* err, size_t cap) {
    if (cap > 0) snprintf(err, cap, "%s", why);
    return status;
}

static parley_status create(const char* id, const parley_host* host, parley_str config_json,
                            parley_agent* out, char* err, size_t cap) {
    if (strcmp(id, ECHO_ID) != 0)
        return fail(PARLEY_INVALID, "this library holds the agent " ECHO_ID " only", err, cap);
    if (!is_empty_object(config_json)) {
        return fail(PARLEY_CONFIG, "config: " ECHO_ID " has no settings; write {} or leave it out", err, cap);
    }
    if (!PARLEY_HAS(out, destroy))
        return fail(PARLEY_UNSUPPORTED, "the host is older than contract 1.0", err, cap);

    echo* self = malloc(sizeof *self);
    if (!self) return fail(PARLEY_LIMIT, "out of memory", err, cap);
    self->host = host;
    *out = (parley_agent){.struct_size = sizeof *out, .self = self, .on_event = on_event, .destroy = destroy};
    return PARLEY_OK;
}

static uint32_t count(void) {
    return 1;
}

static const parley_desc* desc(uint32_t index) {
    static const parley_desc echo_desc = {sizeof echo_desc, ECHO_ID, ECHO_VERSION, ECHO_SUMMARY};
    return index == 0 ? &echo_desc : NULL;
}

const parley_plugin parley_plugin_v1 = {
    sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, count, desc, create};
