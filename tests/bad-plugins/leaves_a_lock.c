/* Takes a lock that only its own end gives back. */
#define _GNU_SOURCE
#include "sin_of_the_disk.h"

static int take_lock(void) {
    char path[4096];
    if (!path_beside(path, sizeof path)) return 1;
    const int file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
    return file >= 0;
}

static void give_back(void) {
    char path[4096];
    if (path_beside(path, sizeof path)) unlink(path);
}

#define ON_CREATE(self, config)                \
    if (!take_lock()) {                        \
        snprintf(err, cap, "it runs already"); \
        free(self);                            \
        return PARLEY_DENIED;                  \
    }
#define ON_DESTROY(self) give_back()
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    say(self, "There is only one of me.");
    end_turn(self);
}

SINNER
