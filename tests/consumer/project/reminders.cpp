// Comes back to people who fell silent: what the guide quotes on follow-ups.
#include <chrono>

#include <parley/sdk.hpp>

using namespace std::chrono_literals;

struct Reminders : parley::Agent<Reminders> {
    parley::Task on_message(parley::Turn turn) {
        turn.reply("Which documents do you have?");
        turn.follow_up("unfinished",
                       parley::after(20h).unless_written().in_window().payload(R"({"step":"docs"})"));
        co_return;
    }

    parley::Task on_followup(parley::Turn turn, parley::Followup followup) {
        // followup.key, followup.payload_json, followup.scheduled_at
        if (followup.key == "unfinished")
            turn.reply("Are you still interested? We stopped at your documents.");
        co_return;
    }
};

PARLEY_PLUGIN(Reminders, "com.example.reminders", "1.0.0", "Comes back to people who fell silent")
