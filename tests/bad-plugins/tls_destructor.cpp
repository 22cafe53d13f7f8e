// A thread_local with a destructor: the library stays for as long as the thread lives.
#include <string>

#include "sinner.h"

static void answer(sinner* self, const parley_event*) {
    thread_local std::string last;
    last += "a text that is too long for the string's own buffer";
    end_turn(self);
}

extern "C" {
SINNER
}
