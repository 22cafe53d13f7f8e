// Greets and counts: every header of the SDK that a small agent needs.
#include <string>

#include <parley/sdk.hpp>

struct Greeter : parley::Agent<Greeter> {
    parley::Task on_message(parley::Turn turn) {
        const std::string seen = turn.state_json.empty() ? "first" : "again";
        turn.put_state_json(R"({"seen":true})");
        turn.reply("Hello " + turn.sender_name + ", " + seen + ": " + turn.text);
        turn.reply(parley::ButtonsReply("Go on?").button("yes", "Yes").button("no", "No"));
        co_return;
    }
};

PARLEY_PLUGIN(Greeter, "com.example.greeter", "1.0.0", "Greets and counts")
