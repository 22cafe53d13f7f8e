/* One library a sin: the build defines what this copy does wrong (see CMakeLists.txt). Without any, it is
 * sound. */
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include <parley/plugin.h>

#ifndef MANIFEST
#define MANIFEST "{\"id\":\"sinner\",\"version\":\"1.0.0\",\"abi\":[1,0]}"
#endif
#ifndef TABLE_ID
#define TABLE_ID "sinner"
#endif
#ifndef TABLE_VERSION
#define TABLE_VERSION "1.0.0"
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(parley_plugin)
#endif
#ifndef TABLE_MINOR
#define TABLE_MINOR 0
#endif

#ifndef NO_MANIFEST
PARLEY_MANIFEST(MANIFEST);
#endif

#ifdef TWO_MANIFESTS
__attribute__((section(".parley"), used)) PARLEY_RETAIN static const char second_manifest[] =
    "{\"id\":\"other\"}";
#endif

#ifdef MORE_EXPORTS
PARLEY_EXPORT int sinner_helper(void) {
    return 1;
}
#endif

#ifdef MISSING_SYMBOL
extern int nobody_defines_this(void);
int use_missing_symbol(void);
int use_missing_symbol(void) {
    return nobody_defines_this();
}
#endif

static void on_event(void* self, const parley_event* event) {
    (void)self, (void)event;
}

static void destroy(void* self) {
    (void)self;
}

#if defined(START_REFUSES)
static parley_status start(void* self) {
    (void)self;
    return PARLEY_DENIED;
}
#elif defined(START_DAWDLES)
static parley_status start(void* self) {
    (void)self;
    thrd_sleep(&(struct timespec){.tv_nsec = 300 * 1000 * 1000}, NULL);
    return PARLEY_OK;
}
#endif

static parley_status create(const char* id, const parley_host* host, parley_str config, parley_agent* out,
                            char* err, size_t cap) {
    (void)id, (void)host, (void)config, (void)err, (void)cap;
#ifdef MISSING_SYMBOL
    if (cap == 1) return use_missing_symbol();
#endif
#ifdef CREATE_REFUSES
    strncpy(err, "config.facts: the file has no section \"fees\"", cap - 1);
    return PARLEY_CONFIG;
#endif
    out->on_event = on_event;
    out->destroy = destroy;
#ifdef NO_ON_EVENT
    out->on_event = NULL;
#endif
#ifdef RAISES_SIZE
    out->struct_size += 8;
#endif
#if defined(START_REFUSES) || defined(START_DAWDLES)
    out->start = start;
#endif
    return PARLEY_OK;
}

static uint32_t count(void) {
    return 1;
}

static const parley_desc* desc(uint32_t index) {
    static const parley_desc only = {sizeof only, TABLE_ID, TABLE_VERSION, "sins"};
    return index == 0 ? &only : NULL;
}

#ifndef NO_ENTRY
PARLEY_EXPORT const parley_plugin parley_plugin_v1 = {TABLE_SIZE, 1, TABLE_MINOR, count, desc, create};
#else
PARLEY_EXPORT const parley_plugin another_name = {TABLE_SIZE, 1, TABLE_MINOR, count, desc, create};
#endif
