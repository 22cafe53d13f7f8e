/* plugin.h and its extensions as C11. */
#include "abi_layout.h"

/* The macros for agents, expanded. */
PARLEY_MANIFEST("{}");

size_t parley_c11_probe(const parley_agent* agent);

size_t parley_c11_probe(const parley_agent* agent) {
    return PARLEY_HAS(agent, destroy) ? sizeof parley_manifest_text : 0;
}
