/* Forgets 64 KiB with each message. */
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    /* Volatile: memory that nobody reads need not be written, nor taken. */
    volatile char* lost = (volatile char*)malloc(64 * 1024);
    for (size_t at = 0; lost != NULL && at < 64 * 1024; at += 1024) lost[at] = 1;
    say(self, lost != NULL ? "Fine." : "No memory.");
    end_turn(self);
}

SINNER
