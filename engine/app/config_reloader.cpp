#include "app/config_reloader.hpp"

#include <algorithm>

#include "app/tls_setup.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

std::vector<ReloadReport::Mistake> to_mistakes(const Diagnostics& diagnostics) {
    std::vector<ReloadReport::Mistake> mistakes;
    for (const Diagnostic& one : diagnostics)
        mistakes.push_back({one.file, one.at.line, one.at.column, one.path, one.what, one.instead});
    return mistakes;
}

std::string place_of(const ReloadReport::Mistake& mistake) {
    return mistake.line == 0
               ? mistake.file
               : mistake.file + ":" + std::to_string(mistake.line) + ":" + std::to_string(mistake.column);
}

void log_report(const ReloadReport& report) {
    if (!report.refused.empty())
        return log_warning("configuration not reloaded", {{"reason", report.refused}});
    for (const auto& one : report.warnings)
        log_warning("configuration", {{"place", place_of(one)}, {"key", one.key}, {"reason", one.message}});
    for (const auto& one : report.errors)
        log_error(
            "configuration has a mistake",
            {{"place", place_of(one)}, {"key", one.key}, {"reason", one.message}, {"instead", one.instead}});
    if (!report.errors.empty())
        return log_error("configuration not reloaded; nothing has changed",
                         {{"mistakes", report.errors.size()}});
    for (const auto& one : report.left)
        log_warning("configuration left as it was", {{"key", one.key}, {"reason", one.why}});
    for (const std::string& key : report.applied) log_info("configuration applied", {{"key", key}});
    if (report.applied.empty() && report.left.empty()) return log_info("configuration unchanged");
    log_info("configuration reloaded", {{"applied", report.applied.size()}, {"left", report.left.size()}});
}

Counter& counter(Metrics& metrics, const char* result) {
    return metrics.counter("parley_config_reloads_total", "Reloads of the configuration by how they ended",
                           {{"result", result}});
}

bool is_tls_key(const std::string& path) {
    return path.starts_with("server.tls.");
}

}  // namespace

ConfigReloader::ConfigReloader(Config running, std::shared_ptr<const TlsContext> tls, Hooks hooks,
                               Metrics& metrics)
    : running_(std::move(running)),
      tls_(std::move(tls)),
      hooks_(std::move(hooks)),
      reloaded_(counter(metrics, "reloaded")),
      unchanged_(counter(metrics, "unchanged")),
      refused_(counter(metrics, "refused")) {}

ReloadReport ConfigReloader::reload() {
    const std::lock_guard lock(mutex_);
    ReloadReport report = read_again();
    log_report(report);
    count(report);
    return report;
}

void ConfigReloader::count(const ReloadReport& report) {
    if (!report.errors.empty() || !report.refused.empty()) return refused_.add();
    (report.applied.empty() && report.left.empty() ? unchanged_ : reloaded_).add();
}

ReloadReport ConfigReloader::read_again() {
    ReloadReport report;
    if (!hooks_.load) {
        report.refused = "this engine was not started from a file";
        return report;
    }
    LoadReport read = hooks_.load();
    report.errors = to_mistakes(read.errors);
    report.warnings = to_mistakes(read.warnings);
    if (!report.errors.empty()) return report;

    Config merged = running_;
    ConfigChanges changes = take_over(merged, std::move(read.config));
    auto tls = make_tls(merged);
    if (!tls) {
        report.errors.push_back({merged.file, 0, 0, "server.tls", tls.error().message(), {}});
        return report;
    }
    const bool has_same_files = *tls && tls_ && (*tls)->fingerprint() == tls_->fingerprint();
    if (has_same_files) *tls = tls_;  // sessions that were begun with it can go on
    // A renewed certificate has its old name.
    if (*tls && !has_same_files && std::none_of(changes.applied.begin(), changes.applied.end(), is_tls_key))
        changes.applied.emplace_back("server.tls");
    BegunAgents agents = hooks_.start_agents(merged, changes.agents, report.errors);
    if (!report.errors.empty()) return report;
    for (const auto& [id, agent] : agents)
        if (std::find(changes.agents.begin(), changes.agents.end(), id) == changes.agents.end())
            changes.applied.push_back("deployments." + id.str() + ".agent");  // its file has changed
    for (const auto& one : changes.left) report.left.push_back({one.path, one.why});
    report.applied = std::move(changes.applied);
    if (report.applied.empty()) return report;
    running_ = std::move(merged);
    tls_ = std::move(*tls);
    hooks_.apply({running_, tls_, std::move(agents), std::move(changes.removed)});
    return report;
}

}  // namespace parley
