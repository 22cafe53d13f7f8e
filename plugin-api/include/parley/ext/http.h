/* parley.http/1: HTTP requests made by the host, so that an agent needs neither a thread nor a library for
 * them.
 *
 * The host owns connections, TLS, time limits and the answer's size. A request is bound to its turn: when the
 * turn ends, the operation is cancelled and completes with PARLEY_CANCELLED. Redirects are not followed.
 */
#ifndef PARLEY_EXT_HTTP_H
#define PARLEY_EXT_HTTP_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_HTTP "parley.http/1"

typedef struct parley_http {
    uint32_t struct_size;

    /* [any] Starts a request; `ctx` is parley_host.ctx. request_json:
     *   {"method":"POST","url":"https://…","headers":{"Name":"value"},"timeout_ms":3000}
     * of at most 64 KiB and 64 headers. method defaults to GET, timeout_ms to what is left of the turn (never
     * more than that). In header values ${secret:NAME} is replaced by the deployment's secret of that name.
     * Host, Content-Length, Transfer-Encoding, Connection, Upgrade and TE are the host's own: naming one is
     * INVALID, as is a value with control characters. Without a `traceparent` of the agent's own the host adds one
     * with the trace of the turn (parley_event.traceparent).
     * On OK *op is set and on_result will get it exactly once: status OK with http_status for any HTTP
     * answer, TIMEOUT, CANCELLED, LIMIT (answer over 8 MiB), DENIED (the name led to a private address, which
     * this deployment may not reach) or INTERNAL (no connection, or it broke); the body says why.
     * Else nothing was started. STALE: the turn is over. INVALID: request_json is wrong. DENIED: the host or
     * address is not allowed. LIMIT: `body` is over 16 MiB, or too many operations of this instance are under
     * way (1024). */
    parley_status (*request)(void* ctx, parley_turn turn, parley_str request_json, parley_str body,
                             parley_op* op);

    /* [any] Gives up on an operation; it still completes, with CANCELLED unless its answer came first. */
    parley_status (*cancel)(void* ctx, parley_op op);
} parley_http;

#ifdef __cplusplus
}
#endif

#endif
