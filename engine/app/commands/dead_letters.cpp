#include "app/commands/dead_letters.hpp"

#include "app/commands/engine_list.hpp"

namespace parley {

std::vector<Command> add_dead_letters(CLI::App& parley) {
    EngineList letters;
    letters.name = "dead-letters";
    letters.what = "Messages that no agent or send could finish";
    letters.example = "retry 17";
    letters.none = "There are no dead letters.";
    letters.argument = "LETTER";
    letters.path = "/api/dead-letters";
    letters.path_of_one = "/api/dead-letters/";
    letters.newest_first = true;
    letters.columns = {
        {"ID", "id"},     {"AT", "at"},           {"", "direction"},    {"DEPLOYMENT", "deployment"},
        {"USER", "user"}, {"MESSAGE", "message"}, {"REASON", "reason"}, {"DETAIL", "detail"}};
    letters.endings = {
        {"retry", "Gives their messages to the agent, or sends them, again", "retry 17 18", "POST", "/retry"},
        {"drop", "Forgets them; their messages stay in the history", "drop --all --deployment trial",
         "DELETE", ""}};
    return add_engine_list(parley, std::move(letters));
}

}  // namespace parley
