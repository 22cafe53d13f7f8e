// An agent that appends the serial that a test put into each message to a file, a line each, and answers nothing.
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <parley/sdk.hpp>
#include <parley/sdk/settings.hpp>

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
        const std::string line = std::to_string(message.at("message").at("serial").get<int>()) + "\n";
        // With O_APPEND a write is whole or not there, whoever else writes and whenever the process is killed.
        const int file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
        ::close(file);
        if (!written) throw std::runtime_error("cannot write " + file_);
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
