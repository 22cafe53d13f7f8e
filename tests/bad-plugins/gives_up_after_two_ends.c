/* Counts how often it began, back to nothing with each answer, and does not begin a third time. */
#define _GNU_SOURCE
#include "sin_of_the_disk.h"

static void note(const char* what) {
    char path[4096];
    if (!path_beside(path, sizeof path)) return;
    FILE* const file = fopen(path, *what == '+' ? "a" : "w");
    if (file == NULL) return;
    if (*what == '+') fputc('+', file);
    fclose(file);
}

static int has_given_up(void) {
    char path[4096];
    char begun[8] = "";
    if (!path_beside(path, sizeof path)) return 0;
    FILE* const file = fopen(path, "r");
    if (file == NULL) return 0;
    const size_t size = fread(begun, 1, sizeof begun, file);
    fclose(file);
    return size >= 2;
}

#define ON_CREATE(self, config)                           \
    if (has_given_up()) {                                 \
        snprintf(err, cap, "it began twice for nothing"); \
        free(self);                                       \
        return PARLEY_DENIED;                             \
    }                                                     \
    note("+")
#include "sinner.h"

static void answer(sinner* self, const parley_event* event) {
    (void)event;
    note("0");
    say(self, "Still here.");
    end_turn(self);
}

SINNER
