// parley.http/1 on the engine's HTTP client.
#pragma once

#include <parley/ext/http.h>

namespace parley {

extern const parley_http host_http_table;  // ctx: a HostServices

}  // namespace parley
