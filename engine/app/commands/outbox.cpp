#include "app/commands/outbox.hpp"

#include "app/commands/engine_list.hpp"

namespace parley {

std::vector<Command> add_outbox(CLI::App& parley) {
    EngineList outbox;
    outbox.name = "outbox";
    outbox.what = "Messages that have not left, or of which nobody knows whether they did";
    outbox.example = "cancel 34";
    outbox.none = "There are none.";
    outbox.argument = "MESSAGE";
    outbox.prefix = "out-";
    outbox.path = "/api/outbox";
    outbox.path_of_one = "/api/messages/out-";
    outbox.states = {"held", "queued", "unsent"};
    outbox.columns = {{"ID", "id"}, {"SINCE", "since"},     {"STATE", "state"},  {"DEPLOYMENT", "deployment"},
                      {"TO", "to"}, {"MESSAGE", "message"}, {"REASON", "reason"}};
    outbox.endings = {{"send", "Sends held ones again, for who knows that they did not arrive", "send 34 35",
                       "POST", "/send"},
                      {"cancel", "Cancels them; later messages to their recipients pass",
                       "cancel --all --deployment trial", "POST", "/cancel"}};
    return add_engine_list(parley, std::move(outbox));
}

}  // namespace parley
