// parley.followup/1: turns that an agent asks for at a later time.
#pragma once

#include <parley/ext/followup.h>

namespace parley {

extern const parley_followup host_followup_table;  // ctx: a HostServices

}  // namespace parley
