// What another process has used, as /proc tells.
#pragma once

#include <sys/types.h>

namespace parley::bench {

double cpu_ms(pid_t process);       // user and system time since it began; resolution 10 ms
double resident_mb(pid_t process);  // now
double peak_mb(pid_t process);      // the most since it began

}  // namespace parley::bench
