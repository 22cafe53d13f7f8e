/* Wants more descriptors than a worker process may have. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { wanted = 300 };

static void close_files(int* files, int count) {
    while (count > 0) close(files[--count]);
    free(files);
}

static int* open_files(void) {
    int* const files = (int*)calloc(wanted, sizeof *files);
    for (int i = 0; files != NULL && i < wanted; ++i) {
        files[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (files[i] >= 0) continue;
        close_files(files, i);
        return NULL;
    }
    return files;
}

#define SINNER_STATE int* files;
#define ON_CREATE(self, config)                            \
    if ((self->files = open_files()) == NULL) {            \
        snprintf(err, cap, "%d files are needed", wanted); \
        free(self);                                        \
        return PARLEY_LIMIT;                               \
    }
#define ON_DESTROY(self) close_files(self->files, wanted)
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    say(self, "I keep them all open.");
    end_turn(self);
}

SINNER
