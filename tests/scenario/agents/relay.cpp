// An agent of which a test has two versions. It keeps the serial that a message carries in the conversation's state and
// notes version, user and serial in a file, a line each. "stuck" is answered by version 2 only; some answers take a
// millisecond.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>
#include <parley/sdk/settings.hpp>

#include "note_file.hpp"

namespace {

class Relay : public parley::Agent<Relay> {
  public:
    void configure(const parley::Config& config) {
        parley::Settings settings(config);
        file_ = settings.text("file").value();
        settings.no_others();
        is_alive_ = true;
    }
    ~Relay() { is_alive_ = false; }

    parley::Task on_message(parley::Turn turn) {
        if (RELAY_VERSION == 1 && turn.text.ends_with("stuck")) co_await turn.sleep(std::chrono::hours(1));
        const long serial = std::strtol(turn.text.c_str(), nullptr, 10);
        if (serial % 7 == 0) co_await turn.sleep(std::chrono::milliseconds(1));
        if (!is_alive_) std::abort();
        const auto state = turn.state();
        if (state.value("serial", -1L) >= serial) throw std::runtime_error("out of order");
        turn.state({{"serial", serial}});
        parley::scenario::note_line(
            file_, std::to_string(RELAY_VERSION) + " " + turn.sender + " " + std::to_string(serial));
        co_return;
    }

  private:
    std::string file_;
    volatile bool is_alive_ = false;
};

}  // namespace

#define RELAY_TEXT(number) RELAY_TEXT_OF(number)
#define RELAY_TEXT_OF(number) #number ".0.0"
PARLEY_PLUGIN_MANIFEST(Relay, "relay", RELAY_TEXT(RELAY_VERSION), "Passes serials on", R"(
  "requires": [], "optional": ["parley.timer/1"], "features": [], "concurrency": "conversation"
)")
