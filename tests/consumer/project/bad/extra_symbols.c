/* One function that is nobody's business. */
#include <parley/plugin.h>

PARLEY_MANIFEST("{\"id\":\"com.example.chatty\"}");

int chatty_helper(void);
int chatty_helper(void) {
    return 1;
}

const parley_plugin parley_plugin_v1 = {sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, 0, 0, 0};
