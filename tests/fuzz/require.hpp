// What a fuzz target demands: a broken promise ends the process, which every fuzzer understands.
#pragma once

#include <cstdio>
#include <cstdlib>

#define PARLEY_REQUIRE(condition)                                                          \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                  \
        }                                                                                  \
    } while (false)
