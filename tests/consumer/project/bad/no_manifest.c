/* An entry, and no manifest. */
#include <parley/plugin.h>

const parley_plugin parley_plugin_v1 = {sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, 0, 0, 0};
