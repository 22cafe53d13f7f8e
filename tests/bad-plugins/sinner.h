/* What every bad agent has in common: all that is right about it. A file defines `answer`, its sin, and ends with SINNER.
 *
 * Before including this a file may define SINNER_MEMBERS (further members of the manifest), SINNER_STATE (of its
 * struct), ON_CREATE, ON_DESTROY, ON_RESULT and ON_CANCEL (statements in the callback of that name). */
#ifndef PARLEY_TESTS_SINNER_H
#define PARLEY_TESTS_SINNER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parley/ext/http.h>
#include <parley/ext/timer.h>

#ifndef SINNER_MEMBERS
#define SINNER_MEMBERS ""
#endif
#ifndef SINNER_STATE
#define SINNER_STATE
#endif
#ifndef ON_CREATE
#define ON_CREATE(self, config)
#endif
#ifndef GET_EXTENSION /* the function for parley_agent.get_extension */
#define GET_EXTENSION NULL
#endif
#ifndef ON_DESTROY
#define ON_DESTROY(self)
#endif
#ifndef ON_RESULT
#define ON_RESULT(self, result)
#endif
#ifndef ON_CANCEL
#define ON_CANCEL(self, turn)
#endif

typedef struct sinner {
    const parley_host* host;
    parley_turn turn; /* the last one */
    char word[32];    /* what it answers */
    SINNER_STATE
} sinner;

static void answer(sinner* self, const parley_event* event);

__attribute__((unused)) static parley_str str(const char* text) {
    const parley_str borrowed = {text, strlen(text)};
    return borrowed;
}

__attribute__((unused)) static void say(const sinner* self, const char* text) {
    self->host->reply_text(self->host->ctx, self->turn, str(text));
}

__attribute__((unused)) static parley_status end_turn(const sinner* self) {
    return self->host->finish(self->host->ctx, self->turn, PARLEY_OK, str(""));
}

static void sinner_event(void* self, const parley_event* event) {
    ((sinner*)self)->turn = event->turn;
    answer((sinner*)self, event);
}

static void sinner_result(void* self, parley_op op, const parley_result* result) {
    sinner* const me = (sinner*)self;
    (void)me, (void)op, (void)result;
    ON_RESULT(me, result);
}

static void sinner_cancel(void* self, parley_turn turn, parley_status why) {
    sinner* const me = (sinner*)self;
    (void)me, (void)turn, (void)why;
    ON_CANCEL(me, turn);
}

static void sinner_destroy(void* self) {
    sinner* const me = (sinner*)self;
    ON_DESTROY(me);
    free(me);
}

static parley_status sinner_create(const char* id, const parley_host* host, parley_str config,
                                   parley_agent* out, char* err, size_t cap) {
    if (strcmp(id, "sinner") != 0) return PARLEY_INVALID;
    if (config.size != 2 || memcmp(config.data, "{}", 2) != 0) {
        snprintf(err, cap, "config: must be {}");
#ifndef TAKES_ANY_CONFIG
        return PARLEY_CONFIG;
#endif
    }
    sinner* self = (sinner*)calloc(1, sizeof *self);
    if (self == NULL) return PARLEY_LIMIT;
    self->host = host;
    ON_CREATE(self, config);
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    out->self = self;
    out->on_event = sinner_event;
    out->on_result = sinner_result;
    out->on_cancel = sinner_cancel;
    out->get_extension = GET_EXTENSION;
    out->destroy = sinner_destroy;
    return PARLEY_OK;
}

static uint32_t sinner_count(void) {
    return 1;
}

static const parley_desc* sinner_desc(uint32_t index) {
    static const parley_desc desc = {sizeof desc, "sinner", "1.0.0", "Does one thing wrong"};
    return index == 0 ? &desc : NULL;
}

#define SINNER                                                                                         \
    PARLEY_MANIFEST(                                                                                   \
        "{\"id\":\"sinner\",\"version\":\"1.0.0\",\"summary\":\"Does one thing wrong\","               \
        "\"abi\":[1,0],\"config_schema\":{\"type\":\"object\",\"additionalProperties\":"               \
        "false}" SINNER_MEMBERS "}");                                                                  \
    const parley_plugin parley_plugin_v1 = {sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, \
                                            sinner_count,          sinner_desc,      sinner_create};

#endif
