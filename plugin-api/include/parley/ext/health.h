/* parley.health/1, of an agent: how it is, for operators. The host asks the agent for it: parley_agent.get_extension
 * gives this table. The manifest may name the id under "optional", to tell people.
 *
 * The host asks every 10 s and shows the last answer in `parley status` and GET /api/deployments. It does nothing else
 * about it: an unhealthy agent goes on getting turns.
 */
#ifndef PARLEY_EXT_HEALTH_H
#define PARLEY_EXT_HEALTH_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_HEALTH "parley.health/1"

enum {
    PARLEY_HEALTH_OK = 0,
    PARLEY_HEALTH_DEGRADED = 1, /* it answers, but worse than it should */
    PARLEY_HEALTH_UNHEALTHY = 2 /* it cannot answer as it should */
};

typedef struct parley_health {
    uint32_t struct_size;
    /* [agent] [!blocking] PARLEY_HEALTH_…, and in `text` a NUL-terminated line of at most `cap` bytes for people, which may
     * be empty. No answer within 5 s is shown as such. */
    int32_t (*check)(void* self, char* text, size_t cap);
} parley_health;

#ifdef __cplusplus
}
#endif

#endif
