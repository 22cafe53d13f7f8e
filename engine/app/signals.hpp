// The signals of a server: SIGTERM and SIGINT to end, SIGHUP to reload; and what a fatal one leaves behind.
#pragma once

namespace parley {

// Blocks the three in this thread and all it starts, and ignores those that a failed write raises; to be
// called before any other thread exists.
void block_server_signals();

enum class ServerSignal { end, reload };

// Waits for one of them. Any one thread.
ServerSignal wait_for_signal();

// Waits for an end, at most until cancel_wait(). False when cancelled.
bool wait_for_end_or_cancel();
void cancel_wait();

}  // namespace parley
