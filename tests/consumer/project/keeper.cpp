// Keeps a document and a memory: what the guide quotes on versions.
#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>

struct Keeper : parley::Agent<Keeper> {
    parley::Task on_message(parley::Turn turn) {
        parley::Json state = turn.state();
        state["name"] = state.value("name", turn.sender_name);
        turn.state(state);
        turn.reply("Hello " + state["name"].get<std::string>() + ", you are number " +
                   std::to_string(++greeted_));
        co_return;
    }

    std::string migrate_state(std::uint32_t from, std::string_view json) {
        parley::Json state = parley::Json::parse(json);
        if (from < 2) state["name"] = state.value("first_name", "") + " " + state.value("last_name", "");
        return state.dump();
    }

    std::string export_memory() { return parley::Json{{"greeted", greeted_}}.dump(); }
    void import_memory(std::string_view /*version*/, std::string_view json) {
        greeted_ = parley::Json::parse(json).at("greeted").get<int>();
    }

    parley::Health health() {
        if (greeted_ > 1000) return parley::Health::degraded("it greets a lot today");
        return parley::Health::ok();
    }

  private:
    int greeted_ = 0;
};

PARLEY_PLUGIN_MANIFEST(Keeper, "com.example.keeper", "2.0.0", "Keeps names", R"(
  "requires": [], "optional": ["parley.state-migrate/1", "parley.handover/1", "parley.health/1"], "features": [],
  "concurrency": "instance", "state_schema": 2, "config_schema": {"type": "object"}
)")
