/* The contract between the Parley engine and an agent. C11; only <stddef.h> and <stdint.h>.
 *
 * RULES
 * Entry         A plugin exports exactly one symbol, the data table `parley_plugin_v1`. The major version of
 *               this contract is in the symbol's name. A host may read the table before it calls anything.
 * Manifest      A JSON object in the ELF section ".parley" (PARLEY_MANIFEST), read without loading the
 *               library.
 * Events        An agent gets the messages that people expect an answer to. Others come only when its manifest
 *               asks for them. As messages of that type: "events":["reaction","system","edit","revoke",
 *               "request_welcome","unsupported"]. As PARLEY_EVENT_STATUS, about messages of its deployment:
 *               "status", or "status.failed" and so on for one word. As PARLEY_EVENT_SYSTEM: "errors", and
 *               "field.NAME" for another webhook field, for example "field.user_preferences". Nobody is sent
 *               the fallback when a turn of these fails. "events_when":[{"config":{…},"events":[…]}] asks only
 *               where the deployment's configuration has these members with these values.
 * Growth        Released structs only grow at the end. Each begins with struct_size: what the maker of the
 *               struct knew. A reader uses a field only where struct_size covers it: PARLEY_HAS(p, field).
 *               Meanings, ownership, thread tags and numbers of enumerators never change within a major
 *               version.
 * Enums         Values unknown to a reader are to be expected. An agent finishes a turn of unknown kind with
 *               PARLEY_OK.
 * Ownership     A parley_str is borrowed for the duration of the call, in both directions; who needs it later
 *               copies it. Nobody frees what the other allocated.
 * Text          UTF-8, not NUL-terminated. Documents are JSON text.
 * Handles       parley_turn and parley_op are numbers with a generation, never pointers. 0 is none. A stale
 *               one is refused with PARLEY_STALE and counted as misbehaviour; nothing else happens.
 * Threads       [main]      one thread of the host, never while another [main] call of this plugin runs
 *               [agent]     the instance's serial executor: any OS thread, but never two calls of one
 *                           instance at once (with "concurrency":"conversation" in the manifest: of one
 *                           conversation)
 *               [any]       any thread, also of the agent's own, at any time between create and destroy
 *               [!blocking] return within 50 ms; agents that cannot declare "features":["blocking"]
 * Re-entrancy   The host never calls the agent from inside a host function; results are always posted.
 * Exceptions    None may leave a plugin function. The C++ SDK sees to it.
 * Time          Agents take time and randomness from the host only, so that tests and replays can set them.
 */
#ifndef PARLEY_PLUGIN_H
#define PARLEY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_ABI_MAJOR 1
#define PARLEY_ABI_MINOR 0

#define PARLEY_EXPORT __attribute__((visibility("default")))

/* True when the struct `p` points to is large enough to hold `field`. */
#define PARLEY_HAS(p, field) \
    ((size_t)(p)->struct_size >= (size_t)((const char*)&(p)->field - (const char*)(p)) + sizeof((p)->field))

/* Nothing refers to the manifest, so -Wl,--gc-sections would drop it. */
#define PARLEY_RETAIN
#ifdef __has_attribute
#if __has_attribute(retain)
#undef PARLEY_RETAIN
#define PARLEY_RETAIN __attribute__((retain))
#endif
#endif

/* Puts a manifest (a string literal of JSON) where the host finds it without loading the library; once. */
#define PARLEY_MANIFEST(json) \
    __attribute__((section(".parley"), used)) PARLEY_RETAIN static const char parley_manifest_text[] = json

typedef struct parley_str {
    const char* data; /* may be NULL when size is 0 */
    size_t size;      /* bytes */
} parley_str;

typedef uint64_t parley_turn; /* the right and the duty to answer one event */
typedef uint64_t parley_op;   /* one accepted asynchronous operation */

typedef int32_t parley_status;
enum {
    PARLEY_OK = 0,
    PARLEY_STALE = -1,       /* the handle's turn or operation is over */
    PARLEY_INVALID = -2,     /* an argument is wrong: not JSON, unknown id … */
    PARLEY_LIMIT = -3,       /* a documented bound is reached */
    PARLEY_UNSUPPORTED = -4, /* not offered by this side */
    PARLEY_CONFIG = -5,      /* the configuration cannot be used; `err` says why */
    PARLEY_TIMEOUT = -6,     /* the deadline passed */
    PARLEY_CANCELLED = -7,   /* taken back: shutdown, superseded */
    PARLEY_DENIED = -8,      /* policy forbids it, for example a host that is not allowed */
    PARLEY_INTERNAL = -9     /* a mistake inside the one who answers */
};

enum {
    PARLEY_EVENT_MESSAGE = 0,  /* a user's message */
    PARLEY_EVENT_STATUS = 1,   /* a status of a message this agent sent; only if the manifest asks for it */
    PARLEY_EVENT_FOLLOWUP = 2, /* a follow-up this agent scheduled is due */
    PARLEY_EVENT_SYSTEM = 3    /* other webhook fields; only if the manifest asks for them */
};

enum {
    PARLEY_LOG_DEBUG = 0,
    PARLEY_LOG_INFO = 1,
    PARLEY_LOG_WARNING = 2,
    PARLEY_LOG_ERROR = 3,
    PARLEY_LOG_HOST_MISBEHAVING = 4,
    PARLEY_LOG_PLUGIN_MISBEHAVING = 5
};

/* Host to agent. Valid until on_event returns. */
typedef struct parley_event {
    uint32_t struct_size;
    uint32_t kind; /* PARLEY_EVENT_… */
    parley_turn turn;
    uint64_t deadline_ns;      /* on the clock of now_mono_ns; after it the turn is taken away */
    uint64_t received_unix_ms; /* when the engine received the webhook */
    uint32_t attempt;          /* 0, or how many earlier tries crashed */
    uint32_t state_schema;     /* which state_schema wrote state_json */
    parley_str deployment;     /* its name in the configuration */
    parley_str conversation;   /* opaque, stable, unique within the deployment */
    parley_str sender;         /* wa_id digits, or the BSUID when there is no number */
    parley_str sender_name;    /* WhatsApp profile name; may be empty */
    parley_str type;           /* Meta's word: text …; failed …; the field; errors; followup */
    parley_str text;           /* what a person would read, why a send failed, a key; or empty */
    parley_str locale;         /* BCP 47 hint; may be empty */
    parley_str message_json;   /* the canonical message, see docs/canonical-message.schema.json */
    parley_str state_json;     /* the conversation's document; empty when there is none */
    uint64_t state_revision;   /* how often that document was committed */
    parley_str
        traceparent; /* W3C Trace Context: the trace of this message, the same in every try; or empty */
} parley_event;

/* Host services. Lives from create until destroy has returned. Functions take `ctx` of this table first. */
typedef struct parley_host {
    uint32_t struct_size;
    uint16_t abi_major, abi_minor;
    void* ctx;
    parley_str host_name, host_version;

    /* [any] The extension's table of functions, or NULL when this host has none of that id. Valid until
     * destroy. */
    const void* (*get_extension)(void* ctx, const char* id);
    /* [any] `turn` may be 0; fields_json is "" or a JSON object. Long messages are cut at 4 KiB. */
    void (*log)(void* ctx, int32_t level, parley_turn turn, parley_str message, parley_str fields_json);
    /* [any] Stages one native WhatsApp message object ("type" and its member). INVALID when it is not a JSON
     * object. */
    parley_status (*reply)(void* ctx, parley_turn turn, parley_str message_json);
    /* [any] Stages {"type":"text"}. INVALID when empty; longer than 4096 characters is split at sentence
     * ends. */
    parley_status (*reply_text)(void* ctx, parley_turn turn, parley_str text);
    /* [any] Stages the conversation's whole new document, a JSON object of at most 256 KiB. */
    parley_status (*state_put)(void* ctx, parley_turn turn, parley_str state_json);
    /* [any] Stages what the agent understood ("language", "intent" …); for operators, never for the user. */
    parley_status (*annotate)(void* ctx, parley_turn turn, parley_str key, parley_str value);
    /* [any] Exactly once a turn. PARLEY_OK commits what was staged; anything else discards it, and the user
     * gets the deployment's fallback. `error` is for operators. */
    parley_status (*finish)(void* ctx, parley_turn turn, parley_status status, parley_str error);
    /* [any] Moves the deadline `ms` further from now; LIMIT beyond twice the deployment's deadline. */
    parley_status (*extend)(void* ctx, parley_turn turn, uint32_t ms);
    /* [any] Milliseconds since 1970 UTC. An agent looks at no other clock than these two: tests and replays set
     * them. */
    int64_t (*now_unix_ms)(void* ctx);
    /* [any] Nanoseconds since some moment; never goes back. */
    uint64_t (*now_mono_ns)(void* ctx);
    /* [any] Fills `buffer`. An agent has no other randomness. */
    void (*random)(void* ctx, void* buffer, size_t size);
} parley_host;

/* The result of an operation. Valid until on_result returns. */
typedef struct parley_result {
    uint32_t struct_size;
    parley_status status; /* OK: the operation got an answer, whatever it says */
    int32_t http_status;  /* of HTTP operations; else 0 */
    uint32_t reserved;
    parley_str headers_json; /* object of lower-case names to strings */
    parley_str body;         /* of HTTP: the raw body; with an error status: the reason */
} parley_result;

/* An agent instance; one for each deployment. The host sets struct_size before create; the plugin fills what
 * that covers and lowers struct_size to what it knows. */
typedef struct parley_agent {
    uint32_t struct_size;
    void* self;
    /* [agent] Optional. Extensions may be used from here on. An error stops the deployment from starting. */
    parley_status (*start)(void* self);
    /* [agent] [!blocking] The duty to finish event->turn, now or later. */
    void (*on_event)(void* self, const parley_event* event);
    /* [agent] [!blocking] Every accepted operation completes here exactly once. NULL if the agent starts
     * none. */
    void (*on_result)(void* self, parley_op op, const parley_result* result);
    /* [agent] [!blocking] Optional. The turn is stale already; stop working on it. */
    void (*on_cancel)(void* self, parley_turn turn, parley_status why);
    /* [agent] Optional. UNSUPPORTED makes the host replace the instance. */
    parley_status (*reconfigure)(void* self, parley_str config_json, char* err, size_t cap);
    /* [any] Optional. Agent-side extensions, or NULL. */
    const void* (*get_extension)(void* self, const char* id);
    /* [agent] No turn is open, no operation under way. Frees self. */
    void (*destroy)(void* self);
} parley_agent;

/* Static description of one agent in the library. Never changes, never freed. */
typedef struct parley_desc {
    uint32_t struct_size;
    const char* id;      /* as in the manifest: reverse DNS, for example dev.parley.echo */
    const char* version; /* semantic version */
    const char* summary; /* one line */
} parley_desc;

typedef struct parley_plugin {
    uint32_t struct_size;
    uint16_t abi_major, abi_minor;
    /* [any] How many agents this library holds, at least 1. */
    uint32_t (*count)(void);
    /* [any] NULL when index >= count(). */
    const parley_desc* (*desc)(uint32_t index);
    /* [main] Makes an instance. Only log and get_extension of `host` may be called from here. On an error
     * `err` gets a NUL-terminated text of at most `cap` bytes: CONFIG when config_json is at fault, INVALID
     * for an unknown id. */
    parley_status (*create)(const char* id, const parley_host* host, parley_str config_json,
                            parley_agent* out, char* err, size_t cap);
} parley_plugin;

PARLEY_EXPORT extern const parley_plugin parley_plugin_v1;

#ifdef __cplusplus
}
#endif

#endif
