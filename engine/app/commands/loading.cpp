#include "app/commands/loading.hpp"

#include <ostream>

namespace parley {

std::optional<Config> load_or_explain(const std::filesystem::path& file, CommandContext& context,
                                      const InspectAgent& inspect, const Clock& clock) {
    LoadReport report = load_all(file, context, inspect, clock);
    print_mistakes(report, context.err);
    if (report.errors.empty()) return std::move(report.config);
    context.err << closing_line(report) << "\n";
    return std::nullopt;
}

LoadReport load_all(const std::filesystem::path& file, const CommandContext& context,
                    const InspectAgent& inspect, const Clock& clock) {
    LoadReport report = load_config_file(file, context.environment, clock.wall());
    if (report.errors.empty()) inspect_agents(report, context.executable, inspect);
    return report;
}

void print_mistakes(const LoadReport& report, std::ostream& err) {
    for (const Diagnostic& one : report.warnings) err << to_text(one, "warning");
    for (const Diagnostic& one : report.errors) err << to_text(one);
}

}  // namespace parley
