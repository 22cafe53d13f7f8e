// `parley`: builds the commands and runs the one that was asked for.
#include <filesystem>
#include <iostream>
#include <vector>

#include <CLI/CLI.hpp>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands/agent.hpp"
#include "app/commands/backup.hpp"
#include "app/commands/chat.hpp"
#include "app/commands/check.hpp"
#include "app/commands/dead_letters.hpp"
#include "app/commands/debug.hpp"
#include "app/commands/demo.hpp"
#include "app/commands/doctor.hpp"
#include "app/commands/outbox.hpp"
#include "app/commands/replay.hpp"
#include "app/commands/send.hpp"
#include "app/commands/serve.hpp"
#include "app/commands/simulate.hpp"
#include "app/commands/status.hpp"
#include "app/commands/trace.hpp"
#include "app/plugin_inspection.hpp"

namespace {

unsigned terminal_columns() {
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace parley;
    umask(0077);  // the database holds what people wrote
    const SystemClock clock;
    SystemRandom random;
    std::error_code ignored;
    CommandContext context{std::cout,
                           std::cerr,
                           to_environment(environ),
                           std::filesystem::read_symlink("/proc/self/exe", ignored),
                           terminal_columns(),
                           isatty(STDOUT_FILENO) == 1};
    CLI::App parley_app("Parley: a host engine for WhatsApp agents", "parley");
    parley_app.set_version_flag("--version", PARLEY_VERSION);
    const InspectAgent inspect = inspect_with_plugin_host();
    std::vector<Command> commands{
        add_serve(parley_app, inspect, clock, random),
        add_demo(parley_app, inspect, clock, random),
        add_check(parley_app, inspect_and_try_agent(), clock),
        add_doctor(parley_app, inspect_and_try_agent(), clock, random),
        add_chat(parley_app, inspect, clock, random, std::cin, isatty(STDIN_FILENO) == 1),
        add_send(parley_app, clock, random),
        add_status(parley_app),
        add_trace(parley_app),
        add_debug(parley_app),
        add_backup(parley_app, clock),
        add_restore(parley_app, clock),
        add_simulate(parley_app, clock, random),
        add_agents(parley_app),
        add_replay(parley_app, clock),
    };
    for (Command& command : add_dead_letters(parley_app)) commands.push_back(std::move(command));
    for (Command& command : add_outbox(parley_app)) commands.push_back(std::move(command));
    for (Command& command : add_agent(parley_app, random)) commands.push_back(std::move(command));
    return static_cast<int>(run_commands(parley_app, commands, argc, argv, context));
}
