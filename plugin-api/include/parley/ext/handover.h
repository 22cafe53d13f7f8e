/* parley.handover/1, of an agent: what an instance has in memory, for the instance that replaces it. The host asks
 * the agent for it: parley_agent.get_extension gives this table. The manifest may name the id under "optional", to tell
 * people.
 *
 * When an agent is replaced by another version, or by itself with another configuration, the new instance is started,
 * the old one exports, the new one imports, and then turns go to the new one. The old one may still end the turns it
 * has; what those change in its memory is not handed over. Nothing is handed over when the engine stops, when a process
 * of the agent's own crashes, or to an agent of another id. That either side fails never stops the replacement: the new
 * instance then begins as after a start, and the log says why.
 */
#ifndef PARLEY_EXT_HANDOVER_H
#define PARLEY_EXT_HANDOVER_H

#include <parley/ext/sink.h>
#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_HANDOVER "parley.handover/1"

typedef struct parley_handover {
    uint32_t struct_size;
    /* [agent] Of the old instance, while it may have turns open. Gives a JSON object of at most 4 MiB to `sink`, once,
     * before it returns OK, within 2 s. Anything else: nothing is handed over; `err` gets a NUL-terminated reason of at
     * most `cap` bytes. With "concurrency":"conversation" events of conversations may run at the same time. */
    parley_status (*export_memory)(void* self, void* sink_ctx, parley_sink sink, char* err, size_t cap);
    /* [agent] Of the new instance, once, after start and before its first event. `version` is the manifest's of the one
     * that exported; it may be newer. Anything but OK: the instance is as if it had not been called; `err` as above. */
    parley_status (*import_memory)(void* self, parley_str version, parley_str json, char* err, size_t cap);
} parley_handover;

#ifdef __cplusplus
}
#endif

#endif
