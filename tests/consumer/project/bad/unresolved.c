/* Needs a function that nobody has. */
#include <parley/plugin.h>

PARLEY_MANIFEST("{\"id\":\"com.example.needy\"}");

uint32_t function_that_nobody_has(void);

const parley_plugin parley_plugin_v1 = {
    sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, function_that_nobody_has, 0, 0};
