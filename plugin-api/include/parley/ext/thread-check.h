/* parley.thread-check/1: on which thread am I? For checks in an agent, in the SDK and in tests. */
#ifndef PARLEY_EXT_THREAD_CHECK_H
#define PARLEY_EXT_THREAD_CHECK_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_THREAD_CHECK "parley.thread-check/1"

typedef struct parley_thread_check {
    uint32_t struct_size;
    /* [any] [!blocking] 1 while the calling thread runs an [agent] call of the instance that `ctx` (parley_host.ctx)
     * belongs to; else 0: in create, on a thread of the agent's own, in a call of another instance. */
    int32_t (*is_agent)(void* ctx);
} parley_thread_check;

#ifdef __cplusplus
}
#endif

#endif
