#include "host/worker/blame.hpp"

#include <array>
#include <csignal>
#include <cstdlib>

#include <unistd.h>

namespace parley {
namespace {

constexpr std::array fatal_signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

CallbackBoard* the_board = nullptr;
thread_local std::size_t my_slot = CallbackBoard::no_slot;

void on_fatal_signal(int signal) {
    the_board->note_crash(my_slot);
    raise(signal);  // SA_RESETHAND has restored the default
}

// The other threads still run: nothing may be torn down under them.
void on_exit_of_the_agent() {
    the_board->note_crash(my_slot);
    ::_exit(EXIT_FAILURE);
}

}  // namespace

Blame::Blame(CallbackBoard board) : board_(std::move(board)) {
    the_board = &board_;
    struct sigaction action {};
    action.sa_handler = on_fatal_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER | SA_ONSTACK;
    for (const int signal : fatal_signals) sigaction(signal, &action, nullptr);
    std::atexit(on_exit_of_the_agent);
}

void Blame::entering(ItemSeq seq) {
    const auto turn = static_cast<std::uint64_t>(to_int(seq));
    my_slot = board_.enter(turn == 0 ? CallbackBoard::no_turn : turn);
}

void Blame::left() {
    board_.leave(my_slot);
    my_slot = CallbackBoard::no_slot;
}

}  // namespace parley
