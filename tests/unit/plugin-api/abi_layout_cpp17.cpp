// plugin.h and its extensions as C++17.
#include "abi_layout.h"

static_assert(__cplusplus == 201703L, "this file is about C++17");

PARLEY_MANIFEST("{}");

bool has_destroy(const parley_agent& agent);

bool has_destroy(const parley_agent& agent) {
    return PARLEY_HAS(&agent, destroy);
}
