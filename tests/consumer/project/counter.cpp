// Counts for all conversations together: what the guide quotes on values of the deployment.
#include <parley/sdk.hpp>

struct Counter : parley::Agent<Counter> {
    parley::Task on_message(parley::Turn turn) {
        for (int attempt = 0; attempt < 5; ++attempt) {
            const auto served = co_await turn.kv().get("served");
            const int next = (served.found() ? std::stoi(served.value) : 0) + 1;
            const auto kept = co_await turn.kv().put_if("served", std::to_string(next), served.version);
            if (!kept.ok() || kept.is_done) break;  // else another conversation was quicker: once more
        }
        turn.reply("Thank you.");
    }
};

PARLEY_PLUGIN_MANIFEST(Counter, "com.example.counter", "1.0.0", "Counts whom it has served", R"(
  "requires": ["parley.kv/1"], "optional": [], "features": [], "concurrency": "conversation",
  "config_schema": {"type": "object"}
)")
