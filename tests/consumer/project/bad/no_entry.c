/* A manifest, and no entry. */
#include <parley/plugin.h>

PARLEY_MANIFEST("{\"id\":\"com.example.nobody\"}");
