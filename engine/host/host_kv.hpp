// parley.kv/1 on the engine's KeyValueStore.
#pragma once

#include <parley/ext/kv.h>

namespace parley {

extern const parley_kv host_kv_table;  // ctx: a HostServices

}  // namespace parley
