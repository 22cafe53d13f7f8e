/* parley.state-migrate/1, of an agent: documents that an earlier version wrote, in today's form. The host asks
 * the agent for it: parley_agent.get_extension gives this table. The manifest may name the id under "optional", to tell
 * people.
 */
#ifndef PARLEY_EXT_STATE_MIGRATE_H
#define PARLEY_EXT_STATE_MIGRATE_H

#include <parley/ext/sink.h>
#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_STATE_MIGRATE "parley.state-migrate/1"

typedef struct parley_state_migrate {
    uint32_t struct_size;
    /* [agent] [!blocking] state_json was written by an agent whose manifest said "state_schema": from (0: said nothing),
     * which is less than this manifest's. Gives the document in today's form, a JSON object of at most 256 KiB, to
     * `sink`, once, before it returns OK. Called before the event of the same conversation, which then has that
     * document and today's number as state_json and state_schema.
     * The document in the store stays as it is until a turn commits a state. So the same document may be migrated
     * again, with the same outcome; and a version before this one, brought back meanwhile, finds what it wrote.
     * Anything but OK (`err` gets a NUL-terminated reason of at most `cap` bytes), no document or no JSON object fails
     * the turn: the user gets the fallback, and the stored document stays. */
    parley_status (*migrate)(void* self, uint32_t from, parley_str state_json, void* sink_ctx,
                             parley_sink sink, char* err, size_t cap);
} parley_state_migrate;

#ifdef __cplusplus
}
#endif

#endif
