// An agent in two versions with documents of two forms: it replies its version, the document it got and how many messages
// its instance knows of. "keep" commits a document, "look" does not. "count" counts in the deployment's
// values, "note" writes its person into them.
#include <string>

#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>

namespace {

#define KEEPER_TEXT_OF(number) #number
#define KEEPER_TEXT(number) KEEPER_TEXT_OF(number)

class Keeper : public parley::Agent<Keeper> {
  public:
    void start() { heard_ = metrics().counter("messages", "Messages that were heard"); }

    parley::Task on_message(parley::Turn turn) {
        if (turn.text == "count") {
            const auto count = co_await turn.kv().get("count");
            const std::string next = std::to_string(count.found() ? std::stoi(count.value) + 1 : 1);
            const auto put = co_await turn.kv().put_if("count", next, count.version);
            turn.reply(put.is_done ? next : "not done: " + put.reason);
            co_return;
        }
        if (turn.text == "note") {
            const std::string who(turn.sender);
            co_await turn.kv().put("cart/" + who, "2 tickets");
            co_await turn.kv().put("conversation/" + std::string(turn.conversation) + "/mood", "good");
            co_await turn.kv().put("guests", "the first was +" + who);
            turn.reply("noted");
            co_return;
        }
        ++known_;
        heard_.add();
        const std::string document = turn.state_json.empty() ? "none" : turn.state_json;
        turn.reply(KEEPER_TEXT(RELAY_VERSION) " " + document + " " + std::to_string(known_));
        if (turn.text == "keep") turn.put_state_json("{\"v" KEEPER_TEXT(RELAY_VERSION) "\":1}");
        co_return;
    }

    std::string migrate_state(std::uint32_t from, std::string_view json) {
        parley::Json state = parley::Json::parse(json);
        state["from"] = from;
        return state.dump();
    }
    std::string export_memory() { return parley::Json{{"known", known_}}.dump(); }
    void import_memory(std::string_view, std::string_view json) {
        known_ = parley::Json::parse(json).at("known").get<int>();
    }
    parley::Health health() { return parley::Health::degraded("knows " + std::to_string(known_)); }

  private:
    int known_ = 0;
    parley::MetricCounter heard_;
};

}  // namespace

PARLEY_PLUGIN_MANIFEST(
    Keeper, "keeper", KEEPER_TEXT(RELAY_VERSION) ".0.0", "Keeps documents of a version",
    R"("requires": [], "optional": [], "features": [], "concurrency": "instance", "state_schema": )" KEEPER_TEXT(
        RELAY_VERSION))
