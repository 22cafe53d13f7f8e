/* The layout of contract 1.0 on 64-bit Linux. A line that fails here breaks every agent that was ever built:
 * structs grow at the end only; then lines are added, and of the old ones only the size of the struct
 * changes. */
#ifndef PARLEY_TESTS_ABI_LAYOUT_H
#define PARLEY_TESTS_ABI_LAYOUT_H

#include <assert.h>
#include <stddef.h>

#include <parley/ext/followup.h>
#include <parley/ext/handover.h>
#include <parley/ext/health.h>
#include <parley/ext/http.h>
#include <parley/ext/kv.h>
#include <parley/ext/media.h>
#include <parley/ext/metrics.h>
#include <parley/ext/secrets.h>
#include <parley/ext/state-migrate.h>
#include <parley/ext/thread-check.h>
#include <parley/ext/timer.h>

#define PARLEY_SIZE_IS(type, bytes) static_assert(sizeof(type) == (bytes), "size of " #type)
#define PARLEY_OFFSET_IS(type, field, bytes) \
    static_assert(offsetof(type, field) == (bytes), "place of " #field " in " #type)

PARLEY_SIZE_IS(parley_str, 16);
PARLEY_OFFSET_IS(parley_str, data, 0);
PARLEY_OFFSET_IS(parley_str, size, 8);

PARLEY_SIZE_IS(parley_event, 208);
PARLEY_OFFSET_IS(parley_event, struct_size, 0);
PARLEY_OFFSET_IS(parley_event, kind, 4);
PARLEY_OFFSET_IS(parley_event, turn, 8);
PARLEY_OFFSET_IS(parley_event, deadline_ns, 16);
PARLEY_OFFSET_IS(parley_event, received_unix_ms, 24);
PARLEY_OFFSET_IS(parley_event, attempt, 32);
PARLEY_OFFSET_IS(parley_event, state_schema, 36);
PARLEY_OFFSET_IS(parley_event, deployment, 40);
PARLEY_OFFSET_IS(parley_event, conversation, 56);
PARLEY_OFFSET_IS(parley_event, sender, 72);
PARLEY_OFFSET_IS(parley_event, sender_name, 88);
PARLEY_OFFSET_IS(parley_event, type, 104);
PARLEY_OFFSET_IS(parley_event, text, 120);
PARLEY_OFFSET_IS(parley_event, locale, 136);
PARLEY_OFFSET_IS(parley_event, message_json, 152);
PARLEY_OFFSET_IS(parley_event, state_json, 168);
PARLEY_OFFSET_IS(parley_event, state_revision, 184);
PARLEY_OFFSET_IS(parley_event, traceparent, 192);

PARLEY_SIZE_IS(parley_host, 136);
PARLEY_OFFSET_IS(parley_host, struct_size, 0);
PARLEY_OFFSET_IS(parley_host, abi_major, 4);
PARLEY_OFFSET_IS(parley_host, abi_minor, 6);
PARLEY_OFFSET_IS(parley_host, ctx, 8);
PARLEY_OFFSET_IS(parley_host, host_name, 16);
PARLEY_OFFSET_IS(parley_host, host_version, 32);
PARLEY_OFFSET_IS(parley_host, get_extension, 48);
PARLEY_OFFSET_IS(parley_host, log, 56);
PARLEY_OFFSET_IS(parley_host, reply, 64);
PARLEY_OFFSET_IS(parley_host, reply_text, 72);
PARLEY_OFFSET_IS(parley_host, state_put, 80);
PARLEY_OFFSET_IS(parley_host, annotate, 88);
PARLEY_OFFSET_IS(parley_host, finish, 96);
PARLEY_OFFSET_IS(parley_host, extend, 104);
PARLEY_OFFSET_IS(parley_host, now_unix_ms, 112);
PARLEY_OFFSET_IS(parley_host, now_mono_ns, 120);
PARLEY_OFFSET_IS(parley_host, random, 128);

PARLEY_SIZE_IS(parley_result, 48);
PARLEY_OFFSET_IS(parley_result, struct_size, 0);
PARLEY_OFFSET_IS(parley_result, status, 4);
PARLEY_OFFSET_IS(parley_result, http_status, 8);
PARLEY_OFFSET_IS(parley_result, reserved, 12);
PARLEY_OFFSET_IS(parley_result, headers_json, 16);
PARLEY_OFFSET_IS(parley_result, body, 32);

PARLEY_SIZE_IS(parley_agent, 72);
PARLEY_OFFSET_IS(parley_agent, struct_size, 0);
PARLEY_OFFSET_IS(parley_agent, self, 8);
PARLEY_OFFSET_IS(parley_agent, start, 16);
PARLEY_OFFSET_IS(parley_agent, on_event, 24);
PARLEY_OFFSET_IS(parley_agent, on_result, 32);
PARLEY_OFFSET_IS(parley_agent, on_cancel, 40);
PARLEY_OFFSET_IS(parley_agent, reconfigure, 48);
PARLEY_OFFSET_IS(parley_agent, get_extension, 56);
PARLEY_OFFSET_IS(parley_agent, destroy, 64);

PARLEY_SIZE_IS(parley_desc, 32);
PARLEY_OFFSET_IS(parley_desc, struct_size, 0);
PARLEY_OFFSET_IS(parley_desc, id, 8);
PARLEY_OFFSET_IS(parley_desc, version, 16);
PARLEY_OFFSET_IS(parley_desc, summary, 24);

PARLEY_SIZE_IS(parley_plugin, 32);
PARLEY_OFFSET_IS(parley_plugin, struct_size, 0);
PARLEY_OFFSET_IS(parley_plugin, abi_major, 4);
PARLEY_OFFSET_IS(parley_plugin, abi_minor, 6);
PARLEY_OFFSET_IS(parley_plugin, count, 8);
PARLEY_OFFSET_IS(parley_plugin, desc, 16);
PARLEY_OFFSET_IS(parley_plugin, create, 24);

PARLEY_SIZE_IS(parley_http, 24);
PARLEY_OFFSET_IS(parley_http, struct_size, 0);
PARLEY_OFFSET_IS(parley_http, request, 8);
PARLEY_OFFSET_IS(parley_http, cancel, 16);

PARLEY_SIZE_IS(parley_timer, 24);
PARLEY_OFFSET_IS(parley_timer, struct_size, 0);
PARLEY_OFFSET_IS(parley_timer, start, 8);
PARLEY_OFFSET_IS(parley_timer, cancel, 16);

PARLEY_SIZE_IS(parley_followup, 32);
PARLEY_OFFSET_IS(parley_followup, struct_size, 0);
PARLEY_OFFSET_IS(parley_followup, schedule, 8);
PARLEY_OFFSET_IS(parley_followup, schedule_at, 16);
PARLEY_OFFSET_IS(parley_followup, cancel, 24);
static_assert(PARLEY_FOLLOWUP_UNLESS_WRITTEN == 1, "PARLEY_FOLLOWUP_UNLESS_WRITTEN");
static_assert(PARLEY_FOLLOWUP_IN_WINDOW == 2, "PARLEY_FOLLOWUP_IN_WINDOW");

PARLEY_SIZE_IS(parley_media, 40);
PARLEY_OFFSET_IS(parley_media, struct_size, 0);
PARLEY_OFFSET_IS(parley_media, fetch, 8);
PARLEY_OFFSET_IS(parley_media, upload, 16);
PARLEY_OFFSET_IS(parley_media, remove, 24);
PARLEY_OFFSET_IS(parley_media, cancel, 32);

PARLEY_SIZE_IS(parley_secrets, 16);
PARLEY_OFFSET_IS(parley_secrets, struct_size, 0);
PARLEY_OFFSET_IS(parley_secrets, get, 8);

PARLEY_SIZE_IS(parley_metrics, 56);
PARLEY_OFFSET_IS(parley_metrics, struct_size, 0);
PARLEY_OFFSET_IS(parley_metrics, counter, 8);
PARLEY_OFFSET_IS(parley_metrics, gauge, 16);
PARLEY_OFFSET_IS(parley_metrics, histogram, 24);
PARLEY_OFFSET_IS(parley_metrics, add, 32);
PARLEY_OFFSET_IS(parley_metrics, set, 40);
PARLEY_OFFSET_IS(parley_metrics, observe, 48);

PARLEY_SIZE_IS(parley_thread_check, 16);
PARLEY_OFFSET_IS(parley_thread_check, struct_size, 0);
PARLEY_OFFSET_IS(parley_thread_check, is_agent, 8);

PARLEY_SIZE_IS(parley_state_migrate, 16);
PARLEY_OFFSET_IS(parley_state_migrate, struct_size, 0);
PARLEY_OFFSET_IS(parley_state_migrate, migrate, 8);

PARLEY_SIZE_IS(parley_handover, 24);
PARLEY_OFFSET_IS(parley_handover, struct_size, 0);
PARLEY_OFFSET_IS(parley_handover, export_memory, 8);
PARLEY_OFFSET_IS(parley_handover, import_memory, 16);

PARLEY_SIZE_IS(parley_health, 16);
PARLEY_OFFSET_IS(parley_health, struct_size, 0);
PARLEY_OFFSET_IS(parley_health, check, 8);
static_assert(PARLEY_HEALTH_OK == 0, "PARLEY_HEALTH_OK");
static_assert(PARLEY_HEALTH_DEGRADED == 1, "PARLEY_HEALTH_DEGRADED");
static_assert(PARLEY_HEALTH_UNHEALTHY == 2, "PARLEY_HEALTH_UNHEALTHY");

PARLEY_SIZE_IS(parley_kv, 48);
PARLEY_OFFSET_IS(parley_kv, struct_size, 0);
PARLEY_OFFSET_IS(parley_kv, get, 8);
PARLEY_OFFSET_IS(parley_kv, put, 16);
PARLEY_OFFSET_IS(parley_kv, remove, 24);
PARLEY_OFFSET_IS(parley_kv, list, 32);
PARLEY_OFFSET_IS(parley_kv, cancel, 40);

static_assert(PARLEY_OK == 0, "PARLEY_OK");
static_assert(PARLEY_STALE == -1, "PARLEY_STALE");
static_assert(PARLEY_INVALID == -2, "PARLEY_INVALID");
static_assert(PARLEY_LIMIT == -3, "PARLEY_LIMIT");
static_assert(PARLEY_UNSUPPORTED == -4, "PARLEY_UNSUPPORTED");
static_assert(PARLEY_CONFIG == -5, "PARLEY_CONFIG");
static_assert(PARLEY_TIMEOUT == -6, "PARLEY_TIMEOUT");
static_assert(PARLEY_CANCELLED == -7, "PARLEY_CANCELLED");
static_assert(PARLEY_DENIED == -8, "PARLEY_DENIED");
static_assert(PARLEY_INTERNAL == -9, "PARLEY_INTERNAL");
static_assert(PARLEY_EVENT_MESSAGE == 0, "PARLEY_EVENT_MESSAGE");
static_assert(PARLEY_EVENT_STATUS == 1, "PARLEY_EVENT_STATUS");
static_assert(PARLEY_EVENT_FOLLOWUP == 2, "PARLEY_EVENT_FOLLOWUP");
static_assert(PARLEY_EVENT_SYSTEM == 3, "PARLEY_EVENT_SYSTEM");
static_assert(PARLEY_LOG_DEBUG == 0, "PARLEY_LOG_DEBUG");
static_assert(PARLEY_LOG_INFO == 1, "PARLEY_LOG_INFO");
static_assert(PARLEY_LOG_WARNING == 2, "PARLEY_LOG_WARNING");
static_assert(PARLEY_LOG_ERROR == 3, "PARLEY_LOG_ERROR");
static_assert(PARLEY_LOG_HOST_MISBEHAVING == 4, "PARLEY_LOG_HOST_MISBEHAVING");
static_assert(PARLEY_LOG_PLUGIN_MISBEHAVING == 5, "PARLEY_LOG_PLUGIN_MISBEHAVING");

#endif
