// parley.media/1 on the engine's MediaLibrary.
#pragma once

#include <parley/ext/media.h>

namespace parley {

extern const parley_media host_media_table;  // ctx: a HostServices

}  // namespace parley
