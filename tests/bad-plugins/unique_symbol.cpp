// An inline variable: a STB_GNU_UNIQUE symbol where -fno-gnu-unique is missing.
#include "sinner.h"

struct PARLEY_EXPORT Counter {
    static inline int calls = 0;
};

static void answer(sinner* self, const parley_event*) {
    ++Counter::calls;
    end_turn(self);
}

extern "C" {
SINNER
}
