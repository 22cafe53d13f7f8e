// The echo agent: answers with the text it got. Its settings make it slow, silent or forgetful for tests and
// trials.
#include <chrono>
#include <ctime>
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/settings.hpp>

namespace {

// Holds the thread, as a badly written agent does; turn.sleep() would not.
void block_thread(std::chrono::milliseconds duration) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    timespec left{seconds.count(), std::chrono::nanoseconds(duration - seconds).count()};
    while (nanosleep(&left, &left) != 0) {
    }
}

class Echo : public parley::Agent<Echo> {
  public:
    void configure(const parley::Config& config) {
        constexpr std::int64_t hour = 3'600'000;
        parley::Settings settings(config);
        prefix_ = settings.text("prefix").value_or("");
        silent_ = settings.flag("silent").value_or(false);
        count_ = settings.flag("count").value_or(false);
        delay_ = std::chrono::milliseconds(settings.number("delay_ms", 0, hour).value_or(0));
        block_ = std::chrono::milliseconds(settings.number("block_ms", 0, hour).value_or(0));
        settings.no_others();
    }

    parley::Task on_message(parley::Turn turn) {
        if (delay_.count() > 0) co_await turn.sleep(delay_);
        if (block_.count() > 0) block_thread(block_);
        if (silent_) co_return;

        std::string answer = prefix_;
        if (count_) answer += '#' + std::to_string(count_message(turn)) + ' ';
        answer += turn.text.empty() ? "I got a message of type " + turn.type + '.' : turn.text;
        turn.reply(answer);
    }

  private:
    static int count_message(parley::Turn& turn) {
        parley::Json state = turn.state();
        const int seen = state.value("seen", 0) + 1;
        state["seen"] = seen;
        turn.state(state);
        return seen;
    }

    std::string prefix_;
    bool silent_ = false;
    bool count_ = false;
    std::chrono::milliseconds delay_{0};
    std::chrono::milliseconds block_{0};
};

}  // namespace

PARLEY_PLUGIN_MANIFEST(Echo, "echo", "1.0.0", "Replies with the text it got", R"(
  "requires": [], "optional": ["parley.timer/1"], "features": [], "concurrency": "conversation", "state_schema": 1,
  "config_schema": {
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "prefix": {"type": "string", "description": "Put before every reply"},
      "silent": {"type": "boolean", "description": "Finish without a reply"},
      "count": {"type": "boolean", "description": "Number the replies of each conversation: #1 text, #2 text"},
      "delay_ms": {"type": "integer", "minimum": 0, "maximum": 3600000,
                   "description": "Wait this long before answering, without holding a thread"},
      "block_ms": {"type": "integer", "minimum": 0, "maximum": 3600000,
                   "description": "Hold the agent's thread this long before answering; for trials of the engine only"}
    }
  }
)")
