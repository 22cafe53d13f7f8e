/* parley.timer/1: short waits inside a turn. Kept in memory only; for later than the turn there are
 * follow-ups. */
#ifndef PARLEY_EXT_TIMER_H
#define PARLEY_EXT_TIMER_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_TIMER "parley.timer/1"

typedef struct parley_timer {
    uint32_t struct_size;
    /* [any] on_result gets *op with status OK after `ms`, or CANCELLED when the turn ends first. STALE, LIMIT
     * as in parley.http/1. */
    parley_status (*start)(void* ctx, parley_turn turn, uint32_t ms, parley_op* op);
    /* [any] */
    parley_status (*cancel)(void* ctx, parley_op op);
} parley_timer;

#ifdef __cplusplus
}
#endif

#endif
