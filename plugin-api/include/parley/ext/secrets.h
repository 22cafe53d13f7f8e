/* parley.secrets/1: the values that the operator lists under the deployment's `secrets`, for an agent that must hold a
 * key itself, to sign with it for example. What only goes into the header of a request is better left to the host:
 * ${secret:NAME} in parley.http/1.
 *
 * Offered only to agents whose manifest names it under "requires" or "optional", so that who installs an agent can see
 * that it reads secrets.
 */
#ifndef PARLEY_EXT_SECRETS_H
#define PARLEY_EXT_SECRETS_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_SECRETS "parley.secrets/1"

typedef struct parley_secrets {
    uint32_t struct_size;
    /* [any] Copies the value of the secret `name` to `buffer`, without a NUL, and its size to *size; ctx is
     * parley_host.ctx. The copy is the agent's: it wipes it when it can, and never logs it. The operator may change a
     * value while the agent runs, so it is better asked for than kept.
     * LIMIT: it has more than `cap` bytes; *size says how many, and nothing was copied. DENIED: the deployment lists no
     * secret of that name. INVALID: `size` is NULL, or `name` is empty or over 256 bytes. With
     * isolation: process it waits for the engine. */
    parley_status (*get)(void* ctx, parley_str name, char* buffer, size_t cap, size_t* size);
} parley_secrets;

#ifdef __cplusplus
}
#endif

#endif
