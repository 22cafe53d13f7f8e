// An agent that does what the message says: abort, exit, block for some milliseconds; or it repeats the text.
#include <chrono>
#include <cstdlib>
#include <ctime>

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
        if (turn.text.starts_with("block ")) block_thread(std::strtol(turn.text.c_str() + 6, nullptr, 10));
        turn.reply(turn.text);
        co_return;
    }
};

}  // namespace

PARLEY_PLUGIN_MANIFEST(Moody, "moody", "1.0.0", "Does what the message says", R"(
  "requires": [], "optional": [], "features": [], "concurrency": "conversation"
)")
