// parley.postpone/1: a turn that its agent cannot answer now.
#pragma once

#include <parley/ext/postpone.h>

namespace parley {

extern const parley_postpone host_postpone_table;  // ctx: a HostServices

}  // namespace parley
