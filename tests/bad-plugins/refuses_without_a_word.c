/* Refuses configurations and does not say why. */
#define TAKES_ANY_CONFIG
#define ON_CREATE(self, config)                      \
    if (config.size != 2 || config.data[0] != '{') { \
        free(self);                                  \
        err[0] = '\0';                               \
        return PARLEY_CONFIG;                        \
    }
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
