/* parley.media/1: the files that travel with messages. Users' media are fetched by the host, with the deployment's
 * access token, and kept as files for a while; what the agent wants to send is uploaded.
 *
 * An operation is bound to its turn: when the turn ends, it completes with PARLEY_CANCELLED. Only media of the
 * deployment's own number can be reached.
 *
 * How operations complete: OK, and the body is the JSON object named below; or the body says why not:
 *   INVALID   no such media, or expired (users' media after 7 days, uploads after 30); larger than the host allows
 *             (100 MiB unless configured otherwise); a type that WhatsApp does not take
 *   DENIED    the deployment's access token does not allow it
 *   LIMIT     the host is too busy, or its folder is full of files in use: try again later
 *   INTERNAL  WhatsApp or the network failed: try again later
 */
#ifndef PARLEY_EXT_MEDIA_H
#define PARLEY_EXT_MEDIA_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_MEDIA "parley.media/1"

/* Every function returns OK with *op set, and on_result will get it exactly once; or starts nothing. STALE: the turn is
 * over. INVALID: an argument is wrong. LIMIT: too many operations of this instance are under way (1024).
 * UNSUPPORTED: this host reaches no WhatsApp, as in a trial in a terminal. `ctx` is parley_host.ctx. */
typedef struct parley_media {
    uint32_t struct_size;

    /* [any] media_id as in the message: image.id, document.id … Completes with
     *   {"path":"/…","mime_type":"image/jpeg","sha256":"64 hex digits","size":123}
     * The bytes were checked against the hash. The file is the host's: read it, change nothing, and copy what is needed
     * for longer than some minutes. Its name says nothing about its type. */
    parley_status (*fetch)(void* ctx, parley_turn turn, parley_str media_id, parley_op* op);

    /* [any] request_json, an object of at most 64 KiB:
     *   {"mime_type":"application/pdf","filename":"terms.pdf"}             the file is `bytes`, at most 16 MiB
     *   {"mime_type":"application/pdf","path":"/var/lib/x/terms.pdf"}      the file is read by the host; no `bytes`
     * Completes with {"id":"…"}, for messages of this number, for 30 days. LIMIT also: `bytes` is too large. */
    parley_status (*upload)(void* ctx, parley_turn turn, parley_str request_json, parley_str bytes,
                            parley_op* op);

    /* [any] Deletes media at WhatsApp; the host's own copy goes in time. Completes with {}. */
    parley_status (*remove)(void* ctx, parley_turn turn, parley_str media_id, parley_op* op);

    /* [any] Gives up on an operation; it still completes, with CANCELLED unless its answer came first. */
    parley_status (*cancel)(void* ctx, parley_op op);
} parley_media;

#ifdef __cplusplus
}
#endif

#endif
