/* parley.metrics/1: numbers for operators, at the engine's GET /metrics beside its own.
 *
 * A metric appears there as agent_NAME with the labels `deployment` and `agent`, which the host adds, and the agent's
 * own: agent_questions_total{agent="com.example.desk",deployment="shop",intent="loan"} 7. Values live as long as the
 * engine: a new version of the agent, and a worker that was started again, go on with them. An agent gives no label a
 * value that comes from a person.
 */
#ifndef PARLEY_EXT_METRICS_H
#define PARLEY_EXT_METRICS_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARLEY_EXT_METRICS "parley.metrics/1"

typedef uint64_t parley_metric; /* of one instance; 0 is none */

/* `ctx` is parley_host.ctx.
 *
 * The first three define a metric; they are called before start has returned and never later (DENIED). name: lower-case
 * letters, digits and single underscores, from a letter on, at most 64 bytes; with its unit at the end, as in
 * answer_seconds. A counter's ends in _total, which the host adds where it is missing; the others may not end so, nor
 * in _sum, _count, _bucket, _info or _created. help: one line, 1 to 256 bytes. labels_json: "" or an object of at most 4
 * strings, {"intent":"loan"}, named like metrics (32 bytes; not deployment, agent, le or quantile) with values of at
 * most 128 bytes; metrics of one name differ in them. The same name and labels again give the same metric.
 * INVALID: one of these is wrong, or another agent has this name as another kind; the log says which. LIMIT: an
 * instance has at most 64. */
typedef struct parley_metrics {
    uint32_t struct_size;
    /* [agent] Goes up only. */
    parley_status (*counter)(void* ctx, parley_str name, parley_str help, parley_str labels_json,
                             parley_metric* metric);
    /* [agent] Goes up and down. */
    parley_status (*gauge)(void* ctx, parley_str name, parley_str help, parley_str labels_json,
                           parley_metric* metric);
    /* [agent] Counts values by size. bounds: 1 to 32 finite numbers, each larger than the one before, the upper ends of
     * the buckets; those of the first definition since the engine's start hold. */
    parley_status (*histogram)(void* ctx, parley_str name, parley_str help, parley_str labels_json,
                               const double* bounds, size_t bound_count, parley_metric* metric);
    /* [any] [!blocking] Of a counter (not below 0) or a gauge. INVALID, here and below: no such metric, one of another
     * kind, or not a finite number; nothing happens. */
    parley_status (*add)(void* ctx, parley_metric metric, double amount);
    /* [any] [!blocking] Of a gauge. */
    parley_status (*set)(void* ctx, parley_metric metric, double value);
    /* [any] [!blocking] Of a histogram. With isolation: process values reach the engine with the end of a turn, or
     * within a second. */
    parley_status (*observe)(void* ctx, parley_metric metric, double value);
} parley_metrics;

#ifdef __cplusplus
}
#endif

#endif
