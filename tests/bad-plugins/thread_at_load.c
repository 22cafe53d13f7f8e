/* Starts a thread when it is loaded. */
#include <pthread.h>
#include <unistd.h>

#include "sinner.h"

/* The thread runs no code of this library, which may be gone before it begins. */
__attribute__((constructor)) static void start_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, (void* (*)(void*))(void (*)(void))pause, NULL);
}

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    end_turn(self);
}

SINNER
