#include "app/signals.hpp"

#include <csignal>
#include <initializer_list>

#include <pthread.h>
#include <unistd.h>

namespace parley {
namespace {

sigset_t server_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR2}) sigaddset(&set, signal);
    return set;
}

int wait_for_any() {
    const sigset_t set = server_signals();
    int signal = 0;
    while (sigwait(&set, &signal) != 0) {
    }
    return signal;
}

}  // namespace

void block_server_signals() {
    const sigset_t set = server_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A peer that closes its connection is an error of that write, never the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    // And a limit on the size of files is a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
}

ServerSignal wait_for_signal() {
    return wait_for_any() == SIGHUP ? ServerSignal::reload : ServerSignal::end;
}

bool wait_for_end_or_cancel() {
    while (true) {
        const int signal = wait_for_any();
        if (signal == SIGUSR2) return false;
        if (signal != SIGHUP) return true;
    }
}

void cancel_wait() {
    kill(getpid(), SIGUSR2);
}

}  // namespace parley
