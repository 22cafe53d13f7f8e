// parley.timer/1 on the host's timer queue.
#pragma once

#include <parley/ext/timer.h>

namespace parley {

extern const parley_timer host_timer_table;  // ctx: a HostServices

}  // namespace parley
