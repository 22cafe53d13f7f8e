/* Starts a thread when it is loaded. */
#include <pthread.h>
#include <unistd.h>

#include "sinner.h"

static void* sleep_for_ever(void* nothing) {
    while (1) pause();
    return nothing;
}

__attribute__((constructor)) static void start_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, sleep_for_ever, NULL);
}

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
