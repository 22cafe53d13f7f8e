/* parley.postpone/1: a turn that cannot be answered now, and must not be lost. */
#ifndef PARLEY_EXT_POSTPONE_H
#define PARLEY_EXT_POSTPONE_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_POSTPONE "parley.postpone/1"

typedef struct parley_postpone {
    uint32_t struct_size;
    /* [any] When the turn is then finished with PARLEY_OK, nothing that was staged counts, and the same event comes
     * again after `ms` as a new turn with a whole deadline. Until then the conversation waits, and nobody else; a
     * restart of the engine may bring it earlier. As often as the agent likes: how long it goes on is its own
     * decision, by received_unix_ms. Finished with anything else the turn fails as always. LIMIT beyond an hour. */
    parley_status (*postpone)(void* ctx, parley_turn turn, uint32_t ms);
} parley_postpone;

#ifdef __cplusplus
}
#endif

#endif
