// An agent of which a test has two versions. It schedules what the message says and tells what came due, and by which
// version: "remind KEY SECONDS [silent] [window]", "forget KEY".
#include <chrono>
#include <sstream>
#include <string>

#include <parley/sdk.hpp>

namespace {

class Reminder : public parley::Agent<Reminder> {
  public:
    parley::Task on_message(parley::Turn turn) {
        std::istringstream words(turn.text);
        std::string word, key;
        words >> word >> key;
        if (word == "remind") {
            long seconds = 0;
            words >> seconds;
            auto plan =
                parley::after(std::chrono::seconds(seconds)).payload(R"({"by":")" + version + R"("})");
            while (words >> word) word == "silent" ? plan.unless_written() : plan.in_window();
            turn.follow_up(key, plan);
        } else if (word == "forget") {
            turn.cancel_follow_up(key);
        }
        turn.reply("noted");
        co_return;
    }

    parley::Task on_followup(parley::Turn turn, parley::Followup followup) {
        turn.reply(version + " " + followup.key + " " + followup.payload_json);
        co_return;
    }

  private:
    const std::string version = std::to_string(REMINDER_VERSION);
};

}  // namespace

#define REMINDER_TEXT(number) REMINDER_TEXT_OF(number)
#define REMINDER_TEXT_OF(number) #number ".0.0"
PARLEY_PLUGIN_MANIFEST(Reminder, "reminder", REMINDER_TEXT(REMINDER_VERSION), "Reminds", R"(
  "requires": ["parley.followup/1"], "optional": [], "features": [], "concurrency": "conversation"
)")
