#include "app/commands/agent.hpp"

#include <fstream>
#include <memory>

#include <CLI/CLI.hpp>

namespace parley {
void add_settings(CLI::App& app, kit::AgentSettings& settings) {
    app.add_option("--config,-c", settings.file, "The agent's configuration, YAML or JSON")
        ->type_name("FILE");
    app.add_option("--set,-s", settings.settings, "A member of it; again for more")->type_name("KEY=VALUE");
}

Result<std::filesystem::path> worker_program(const CommandContext& context) {
    auto program = context.executable.parent_path() / "parley-worker";
    if (std::filesystem::exists(program)) return program;
    return Error{Errc::not_found, program.string() + ": not there; it is installed beside parley"};
}

Result<> write_text(const std::filesystem::path& file, const std::string& text, std::ostream& out) {
    if (file == "-") {
        out << text;
        return {};
    }
    std::ofstream to(file, std::ios::binary);
    to << text;
    to.close();
    if (!to) return Error{Errc::unavailable, file.string() + ": cannot be written"};
    return {};
}

std::vector<Command> add_agent(CLI::App& parley, Random& random) {
    CLI::App* agent = parley.add_subcommand("agent", "Makes, tests and inspects agents");
    agent->require_subcommand(1);
    agent->footer("Example:\n  parley agent new hello && cd hello && cmake --workflow --preset dev");
    return {add_agent_new(*agent), add_agent_validate(*agent, random), add_agent_test(*agent),
            add_agent_inspect(*agent), add_agent_fuzz(*agent, random)};
}

}  // namespace parley
