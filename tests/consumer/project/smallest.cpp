#include <parley/sdk.hpp>

struct Hello : parley::Agent<Hello> {
    parley::Task on_message(parley::Turn turn) {
        turn.reply("You said: " + turn.text);
        co_return;
    }
};
PARLEY_PLUGIN(Hello, "com.example.hello", "1.0.0", "Says what you said")
