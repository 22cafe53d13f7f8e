// An agent that appends the serial that a test put into each message to a file, a line each, and answers nothing.
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/settings.hpp>

#include "note_file.hpp"

namespace {

class Recorder : public parley::Agent<Recorder> {
  public:
    void configure(const parley::Config& config) {
        parley::Settings settings(config);
        file_ = settings.text("file").value();
        settings.no_others();
    }

    parley::Task on_message(parley::Turn turn) {
        const auto message = parley::Json::parse(turn.message_json);
        parley::scenario::note_line(file_, std::to_string(message.at("message").at("serial").get<int>()));
        co_return;
    }

  private:
    std::string file_;
};

}  // namespace

PARLEY_PLUGIN_MANIFEST(Recorder, "recorder", "1.0.0", "Notes which messages it got", R"(
  "requires": [], "optional": [], "features": [], "concurrency": "conversation",
  "events": ["reaction", "system", "edit", "revoke", "request_welcome", "unsupported"]
)")
