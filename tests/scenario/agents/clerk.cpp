// An agent of which a test has two versions that talk alike, but not in everything. "dice" is answered by chance, "ask"
// by a server; "trouble" and "die" only version 1 survives.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>
#include <parley/sdk/settings.hpp>

namespace {

class Clerk : public parley::Agent<Clerk> {
  public:
    void configure(const parley::Config& config) {
        parley::Settings settings(config);
        url_ = settings.text("url").value_or("");
        settings.no_others();
    }

    parley::Task on_message(parley::Turn turn) {
        const int seen = turn.state().value("seen", 0) + 1;
        turn.state({{"seen", seen}});
        turn.annotate("intent", turn.text);
        if (turn.text == "dice") {
            turn.reply("You threw " + std::to_string(turn.random() % 1'000'000) + ".");
        } else if (turn.text == "ask") {
            const auto answer = co_await turn.http(url_).post("for " + turn.sender);
            turn.reply("They say: " + answer.body);
        } else if (turn.text == "price") {
            turn.reply(CLERK == 1 ? "It costs 10 rupees, " + turn.sender_name + "."
                                  : "It costs 12 rupees, " + turn.sender_name + ".");
        } else if (turn.text == "trouble" && CLERK == 2) {
            throw std::runtime_error("no idea");
        } else if (turn.text == "die" && CLERK == 2) {
            std::abort();
        } else {
            turn.reply("Hello " + turn.sender_name + ", message " + std::to_string(seen) + ".");
        }
    }

  private:
    static constexpr int CLERK = RELAY_VERSION;
    std::string url_;
};

}  // namespace

#define CLERK_TEXT(number) CLERK_TEXT_OF(number)
#define CLERK_TEXT_OF(number) #number ".0.0"
PARLEY_PLUGIN_MANIFEST(Clerk, "clerk", CLERK_TEXT(RELAY_VERSION), "Talks in one of two versions", R"(
  "requires": [], "optional": ["parley.http/1"], "features": [], "concurrency": "conversation"
)")
