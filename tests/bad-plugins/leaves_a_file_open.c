/* Opens a file with every instance and never closes it. */
#include <fcntl.h>
#include <unistd.h>

#define ON_CREATE(self, config) (void)!open("/dev/zero", O_RDONLY | O_CLOEXEC)
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
