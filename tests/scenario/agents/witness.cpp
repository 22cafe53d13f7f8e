// An agent that answers each message with a callback of its own, and notes in a file which events it is told, a line
// each: kind, type, callback. While FILE.hold exists it answers nothing.
#include <filesystem>
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>
#include <parley/sdk/settings.hpp>

#include "note_file.hpp"

namespace {

class Witness : public parley::Agent<Witness> {
  public:
    void configure(const parley::Config& config) {
        parley::Settings settings(config);
        file_ = settings.text("file").value();
        settings.no_others();
    }

    parley::Task on_message(parley::Turn turn) {
        if (std::filesystem::exists(file_ + ".hold")) co_await turn.sleep(std::chrono::hours(1));
        const parley::Json reply = {{"type", "text"},
                                    {"text", {{"body", turn.text}}},
                                    {"biz_opaque_callback_data", "about " + turn.text}};
        turn.reply_json(reply.dump());
        co_return;
    }
    parley::Task on_status(parley::Turn turn) {
        note("status", turn);
        co_return;
    }
    parley::Task on_system(parley::Turn turn) {
        note("system", turn);
        co_return;
    }

  private:
    void note(const std::string& kind, const parley::Turn& turn) const {
        const auto event = parley::Json::parse(turn.message_json);
        parley::scenario::note_line(file_, kind + " " + turn.type + " " + event.value("callback", "-"));
    }

    std::string file_;
};

}  // namespace

PARLEY_PLUGIN_MANIFEST(Witness, "witness", "1.0.0", "Notes which events it is told", R"(
  "requires": [], "optional": [], "features": [], "concurrency": "conversation",
  "events": ["status.failed", "field.user_preferences"]
)")
