#include "app/commands/serve.hpp"

#include <cstdlib>
#include <memory>
#include <ostream>
#include <thread>

#include <CLI/CLI.hpp>

#include "app/commands/loading.hpp"
#include "app/core_dumps.hpp"
#include "app/signals.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

ExitCode run_serve(const std::filesystem::path& file, CommandContext& context, const InspectAgent& inspect,
                   const Clock& clock, Random& random) {
    block_server_signals();  // a SIGHUP that comes early waits until there is something to reload
    auto config = load_or_explain(file, context, inspect, clock);
    if (!config) return ExitCode::usage;
    if (!config->server.core_dumps) forbid_core_dumps();
    configure_log(config->log.level, config->log.format);
    const Millis drain = config->agents.drain_timeout;
    auto engine = Engine::start(std::move(*config), {clock, random, context.executable, [&] {
                                                         return load_all(file, context, inspect, clock);
                                                     }});
    if (!engine) {
        context.err << "parley serve: " << engine.error().message() << "\n";
        return engine.error().code() == Errc::invalid_input ? ExitCode::usage : ExitCode::fault;
    }
    log_info("serving", {{"url", (*engine)->url()}, {"version", PARLEY_VERSION}});
    return run_until_signal(**engine, drain);
}

}  // namespace

ExitCode run_until_signal(Engine& engine, Millis drain) {
    while (wait_for_signal() == ServerSignal::reload) engine.reload();
    log_info("draining", {{"ms", drain.count()}});
    std::thread second([&engine] {
        if (wait_for_end_or_cancel()) engine.hurry();
    });
    const bool clean = engine.stop(drain);
    cancel_wait();
    second.join();
    if (engine.is_stuck()) {
        log_error("an agent does not return; ending without it");
        std::_Exit(static_cast<int>(ExitCode::fault));
    }
    log_info("stopped", {{"clean", clean}});
    return clean ? ExitCode::done : ExitCode::fault;
}

Command add_serve(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random) {
    auto file = std::make_shared<std::filesystem::path>();
    CLI::App* app = parley.add_subcommand("serve", "Runs the engine");
    app->add_option("--config,-c", *file, "The configuration to run")->type_name("FILE")->required();
    app->footer(
        "SIGTERM or SIGINT drains and stops, a second one stops at once.\n"
        "SIGHUP reads the configuration again and applies what may change while it runs.\n\n"
        "Example:\n  parley serve --config config/jupiter-edge-plus.yaml");
    return {app, [file, inspect = std::move(inspect), &clock, &random](CommandContext& context) {
                return run_serve(*file, context, inspect, clock, random);
            }};
}

}  // namespace parley
