/* parley.kv/1: values that a deployment keeps under keys, for what belongs to no single conversation. They are in the
 * engine's store: they survive restarts and replaced agents, and other deployments do not see them.
 *
 * A call is not part of its turn's commit: it has happened when its operation completes, whatever becomes of the turn. An
 * operation is bound to its turn all the same: when the turn ends, it completes with PARLEY_CANCELLED, and whether it has
 * happened is not told. Calls of a deployment happen one after another, in the order in which they were made.
 *
 * Each write gives the key a new version, a number that never comes twice in a deployment. What several conversations
 * change is changed with `expected`: get, change, put with the version that was got, and again if it was another by then.
 *
 * When a person is erased, the keys that say that they are theirs go, and no others: conversation/ID and what begins with
 * conversation/ID/, where ID is parley_event.conversation; and keys in which one of their numbers or business-scoped ids
 * (parley_event.sender) stands with no letter or digit beside it. Keep what is about one person under such keys only.
 *
 * How operations complete: OK, and headers_json is {"version":"7","done":"true"}: the key's version from now on ("0": it
 * is not there), and whether it was done (always "true" for get and list). Or the body says why not:
 *   LIMIT     the deployment's bounds are reached (10000 keys, 64 MiB), or the store has too much to do: the text tells
 *   INTERNAL  the store cannot write now: try again later
 */
#ifndef PARLEY_EXT_KV_H
#define PARLEY_EXT_KV_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_KV "parley.kv/1"

#define PARLEY_KV_ANY UINT64_MAX /* for `expected`: whatever version the key has */

/* Each function but cancel returns OK with *op set, and on_result will get it exactly once; or starts nothing. STALE: the
 * turn is over. INVALID: `key` is not 1 to 512 bytes of UTF-8 without control characters. LIMIT: `value` has over 64 KiB,
 * or too many operations of this instance are under way (1024). UNSUPPORTED: this host keeps nothing. `ctx` is
 * parley_host.ctx. */
typedef struct parley_kv {
    uint32_t struct_size;
    /* [any] The body is the value; empty with version 0 where the key is not there. */
    parley_status (*get)(void* ctx, parley_turn turn, parley_str key, parley_op* op);
    /* [any] Any bytes. expected: PARLEY_KV_ANY; or the version that the key must have, 0 if it must not be there. When it
     * has another, nothing is done ("done":"false") and the body is the value that is there. */
    parley_status (*put)(void* ctx, parley_turn turn, parley_str key, parley_str value, uint64_t expected,
                         parley_op* op);
    /* [any] `expected` as above. To remove what is not there is no mistake. */
    parley_status (*remove)(void* ctx, parley_turn turn, parley_str key, uint64_t expected, parley_op* op);
    /* [any] The keys that begin with `prefix` (which may be empty) and come after `after` (""), in the order of their
     * bytes, at most `limit` (1 to 200). The body is {"keys":["a","b"],"more":"false"}. */
    parley_status (*list)(void* ctx, parley_turn turn, parley_str prefix, parley_str after, uint32_t limit,
                          parley_op* op);
    /* [any] Gives up on an operation; it still completes, with CANCELLED unless its answer came first. */
    parley_status (*cancel)(void* ctx, parley_op op);
} parley_kv;

#ifdef __cplusplus
}
#endif

#endif
