#include "app/commands/backup.hpp"

#include <ctime>
#include <memory>
#include <optional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands/loading.hpp"
#include "app/scalars.hpp"
#include "store/store_backup.hpp"

namespace parley {
namespace {

struct CopyArguments {
    std::filesystem::path config;
    std::filesystem::path file;
    bool as_json = false;
};

std::string compact_time(WallTime t) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(t);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
    return text;
}

ExitCode tell(std::string_view command, const Result<StoreCopy>& copy, const std::filesystem::path& file,
              bool as_json, CommandContext& context) {
    if (!copy) {
        context.err << "parley " << command << ": " << copy.error().message() << "\n";
        const bool is_usage =
            copy.error().code() == Errc::invalid_input || copy.error().code() == Errc::not_found;
        return is_usage ? ExitCode::usage : ExitCode::fault;
    }
    if (as_json)
        context.out << nlohmann::ordered_json{{"file", file.string()},
                                              {"bytes", copy->bytes},
                                              {"messages", copy->messages},
                                              {"schema", copy->schema}}
                           .dump()
                    << "\n";
    else
        context.out << file.string() << ": " << copy->bytes << " bytes, " << copy->messages
                    << (copy->messages == 1 ? " message" : " messages") << ", checked\n";
    return ExitCode::done;
}

// The configuration names the database; its mistakes elsewhere are no reason to be without a copy: who makes copies need
// not know the secrets.
std::optional<Config> read_config(const CopyArguments& arguments, CommandContext& context,
                                  const Clock& clock) {
    LoadReport report = load_config_file(arguments.config, context.environment, clock.wall());
    std::erase_if(report.errors, [](const Diagnostic& one) {
        return !one.path.empty() && !one.path.starts_with("store") && one.path != "state_dir";
    });
    report.warnings.clear();
    print_mistakes(report, context.err);
    if (!report.errors.empty()) return std::nullopt;
    return std::move(report.config);
}

void add_options(CLI::App& app, CopyArguments& arguments) {
    app.add_option("--config,-c", arguments.config, "The configuration, which names the database")
        ->type_name("FILE")
        ->required();
    app.add_flag("--json", arguments.as_json, "Prints JSON");
}

}  // namespace

Command add_backup(CLI::App& parley, const Clock& clock) {
    auto arguments = std::make_shared<CopyArguments>();
    CLI::App* app = parley.add_subcommand("backup", "Copies the database into one file; the engine may run");
    add_options(*app, *arguments);
    app->add_option("--to", arguments->file, "The new file")->type_name("FILE")->required();
    app->footer("Example:\n  parley backup --config parley.yaml --to /backups/parley-$(date +%F).db");
    return {app, [arguments, &clock](CommandContext& context) {
                const auto config = read_config(*arguments, context, clock);
                if (!config) return ExitCode::usage;
                return tell("backup", back_up_store(database_file(*config), arguments->file), arguments->file,
                            arguments->as_json, context);
            }};
}

Command add_restore(CLI::App& parley, const Clock& clock) {
    auto arguments = std::make_shared<CopyArguments>();
    CLI::App* app = parley.add_subcommand(
        "restore", "Puts a copy in the place of the database, which is kept under another name");
    add_options(*app, *arguments);
    app->add_option("--from", arguments->file, "The copy")->type_name("FILE")->required();
    app->footer(
        "The engine must not run. Messages that waited to be sent when the copy was made are sent.\n\n"
        "Example:\n  parley restore --config parley.yaml --from /backups/parley-2026-11-01.db");
    return {app, [arguments, &clock](CommandContext& context) {
                const auto config = read_config(*arguments, context, clock);
                if (!config) return ExitCode::usage;
                const std::filesystem::path database = database_file(*config);
                return tell("restore",
                            restore_store(arguments->file, database, state_directory(*config),
                                          compact_time(clock.wall())),
                            database, arguments->as_json, context);
            }};
}

}  // namespace parley
