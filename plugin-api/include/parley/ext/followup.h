/* parley.followup/1: a turn of its own at a later time, in the same conversation: a reminder, a second try, an end.
 *
 * What is asked for here is staged, as replies are: it counts when the turn is finished with PARLEY_OK, and never
 * otherwise. From then on it is the deployment's and not the instance's: it survives restarts and crashes, and the agent
 * that serves when the time has come gets it, even if it was replaced meanwhile; while none serves it waits.
 *
 * It comes as an event of kind PARLEY_EVENT_FOLLOWUP, once, in order with the conversation's messages, with its state:
 * type "followup", text the key, and in message_json
 *   "followup":{"key":"…","payload":{…},"scheduled_at":"2026-09-21T14:13:20Z"}
 * Whoever was scheduled for gets the replies. When 24 hours have passed since their last message, WhatsApp takes templates
 * only; the deployment's outside_window says what becomes of other replies then. Nobody is sent the fallback when the turn
 * fails.
 */
#ifndef PARLEY_EXT_FOLLOWUP_H
#define PARLEY_EXT_FOLLOWUP_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_FOLLOWUP "parley.followup/1"

enum {
    /* Dropped when its person writes, reacts or calls before it is due. */
    PARLEY_FOLLOWUP_UNLESS_WRITTEN = 1,
    /* Dropped when its person's last message is 24 hours old as it is due. Not known counts as younger. */
    PARLEY_FOLLOWUP_IN_WINDOW = 2
};

/* All: STALE when the turn is over; INVALID: an empty key, an unknown flag, a payload that is no JSON object or is nested
 * deeper than 32. LIMIT: a key of more than 64 bytes, a payload of more than 16 KiB, a time more than 90 days away, more
 * than 32 waiting in the conversation, or more than 64 calls with different keys in one turn. `ctx` is parley_host.ctx. */
typedef struct parley_followup {
    uint32_t struct_size;
    /* [any] After `delay_ms`, at least a second. It takes the place of what waits in this conversation under the same
     * key. `payload_json` may be empty. */
    parley_status (*schedule)(void* ctx, parley_turn turn, parley_str key, uint64_t delay_ms, uint32_t flags,
                              parley_str payload_json);
    /* [any] The same at a time of the wall clock; one that has passed counts as in a second. */
    parley_status (*schedule_at)(void* ctx, parley_turn turn, parley_str key, int64_t unix_ms, uint32_t flags,
                                 parley_str payload_json);
    /* [any] OK also when nothing waits under the key. */
    parley_status (*cancel)(void* ctx, parley_turn turn, parley_str key);
} parley_followup;

#ifdef __cplusplus
}
#endif

#endif
