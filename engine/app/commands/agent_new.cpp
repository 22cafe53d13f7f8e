// `parley agent new`: a project for a new agent.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/agent.hpp"
#include "kit/scaffold.hpp"

namespace parley {
namespace {

// Where `parley` was installed together with the package, that is where CMake will find it.
std::filesystem::path prefix_of(const std::filesystem::path& executable) {
    const auto prefix = executable.parent_path().parent_path();
    for (const char* place :
         {"lib/cmake/Parley", "lib/x86_64-linux-gnu/cmake/Parley", "lib/aarch64-linux-gnu/cmake/Parley"}) {
        std::error_code trouble;
        if (std::filesystem::exists(prefix / place / "ParleyConfig.cmake", trouble)) return prefix;
    }
    return {};
}

ExitCode run_new(kit::ScaffoldOptions options, CommandContext& context) {
    options.package_prefix = prefix_of(context.executable);
    const auto written = kit::write_scaffold(options);
    if (!written) {
        context.err << "parley agent new: " << written.error().message() << "\n";
        return written.error().code() == Errc::unavailable ? ExitCode::fault : ExitCode::usage;
    }
    for (const std::string& file : *written) context.out << "  " << file << "\n";
    context.out << "\nNext:\n  cd " << (options.parent / options.name).lexically_normal().string()
                << " && cmake --workflow --preset dev\n  parley chat --agent build/dev/lib/parley/agents/"
                << options.name << ".so\n";
    if (options.package_prefix.empty())
        context.out << "\nThe package is not installed beside this parley; if CMake does not find it, set "
                       "CMAKE_PREFIX_PATH\n"
                       "in CMakePresets.json (docs/writing-a-plugin.md, \"Building\").\n";
    return ExitCode::done;
}

}  // namespace

Command add_agent_new(CLI::App& agent) {
    auto options = std::make_shared<kit::ScaffoldOptions>();
    CLI::App* app = agent.add_subcommand("new", "Makes a project that builds, tests and passes at once");
    app->add_option("name", options->name, "Of the project, its folder and its library")->required();
    app->add_flag("--c", options->in_c, "In plain C, without the SDK");
    app->add_option("--id", options->id, "Of the agent; com.example.NAME when left out");
    app->add_option("--in", options->parent, "Where the folder is made")
        ->type_name("FOLDER")
        ->capture_default_str();
    app->footer("Example:\n  parley agent new hello && cd hello && cmake --workflow --preset dev");
    return {app, [options](CommandContext& context) { return run_new(*options, context); }};
}

}  // namespace parley
