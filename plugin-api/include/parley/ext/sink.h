/* How an agent gives a text of any size in a call: through a function of the caller's. */
#ifndef PARLEY_EXT_SINK_H
#define PARLEY_EXT_SINK_H

#include <parley/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* [agent] Copies `text`. Only during the call that brought it, on the same thread; a second text takes the place of the first. */
typedef void (*parley_sink)(void* sink_ctx, parley_str text);

#ifdef __cplusplus
}
#endif

#endif
