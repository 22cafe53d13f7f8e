// An agent that does what the message says: ends its process in some way, blocks for some milliseconds, or goes round
// for ever; or it repeats the text.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>

#include <unistd.h>

#include <parley/sdk.hpp>

namespace {

void block_thread(long milliseconds) {
    timespec left{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
    while (nanosleep(&left, &left) != 0) {
    }
}

class Moody : public parley::Agent<Moody> {
  public:
    parley::Task on_message(parley::Turn turn) {
        if (turn.text == "abort") std::abort();
        if (turn.text == "exit") std::exit(0);
        if (turn.text == "segv") std::raise(SIGSEGV);
        if (turn.text == "close")
            for (int fd = 3; fd < 1024; ++fd) ::close(fd);
        if (turn.text == "spin")
            for (volatile bool forever = true; forever;) {
            }
        if (turn.text.starts_with("block ")) block_thread(std::strtol(turn.text.c_str() + 6, nullptr, 10));
        turn.reply(turn.text);
        co_return;
    }
};

}  // namespace

PARLEY_PLUGIN_MANIFEST(Moody, "moody", "1.0.0", "Does what the message says", R"(
  "requires": [], "optional": [], "features": [], "concurrency": "conversation"
)")
