#include "app/config_reloader.hpp"

#include <algorithm>

#include "app/account_deployments.hpp"
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

    Config next = std::move(read.config);
    if (hooks_.add_accounts)
        if (const auto added = hooks_.add_accounts(next); !added) {
            report.errors.push_back({next.file, 0, 0, "accounts", added.error().message(), {}});
            return report;
        }
    take(std::move(next), {}, report);
    return report;
}

ReloadReport ConfigReloader::reload_accounts(const DeploymentId& asked) {
    const std::lock_guard lock(mutex_);
    ReloadReport report;
    Config next = running_;
    remove_accounts(next);
    if (const auto added = hooks_.add_accounts(next); !added)
        report.errors.push_back({{}, 0, 0, "accounts", added.error().message(), {}});
    else
        take(std::move(next), asked, report);
    log_report(report);
    return report;
}

void ConfigReloader::take(Config next, const DeploymentId& asked, ReloadReport& report) {
    Config merged = running_;
    ConfigChanges changes = take_over(merged, std::move(next));
    auto tls = make_tls(merged);
    if (!tls) {
        report.errors.push_back({merged.file, 0, 0, "server.tls", tls.error().message(), {}});
        return;
    }
    const bool has_same_files = *tls && tls_ && (*tls)->fingerprint() == tls_->fingerprint();
    if (has_same_files) *tls = tls_;  // sessions that were begun with it can go on
    // A renewed certificate has its old name.
    if (*tls && !has_same_files && std::none_of(changes.applied.begin(), changes.applied.end(), is_tls_key))
        changes.applied.emplace_back("server.tls");
    // Of the others an agent whose file has changed is left alone when only accounts were asked for.
    Config starting = merged;
    if (!asked.empty())
        std::erase_if(starting.deployments, [&](const DeploymentConfig& one) {
            return std::find(changes.agents.begin(), changes.agents.end(), one.deployment.id) ==
                   changes.agents.end();
        });
    BegunAgents agents = hooks_.start_agents(starting, changes.agents, report.errors);
    if (!set_aside(merged, changes, asked, report)) return;
    for (const auto& [id, agent] : agents)
        if (std::find(changes.agents.begin(), changes.agents.end(), id) == changes.agents.end())
            changes.applied.push_back("deployments." + id.str() + ".agent");  // its file has changed
    for (const auto& one : changes.left) report.left.push_back({one.path, one.why});
    report.applied = std::move(changes.applied);
    if (report.applied.empty()) return;
    running_ = std::move(merged);
    tls_ = std::move(*tls);
    hooks_.apply({running_, tls_, std::move(agents), std::move(changes.removed)});
}

// False when something is wrong that is not another account's.
bool ConfigReloader::set_aside(Config& merged, ConfigChanges& changes, const DeploymentId& asked,
                               ReloadReport& report) {
    std::vector<ReloadReport::Mistake> others;
    for (ReloadReport::Mistake& mistake : report.errors) {
        const auto its = std::find_if(
            merged.deployments.begin(), merged.deployments.end(), [&](const DeploymentConfig& one) {
                return mistake.key == "deployments." + one.deployment.id.str() + ".agent";
            });
        if (its == merged.deployments.end() || !its->is_account || its->deployment.id == asked) {
            others.push_back(std::move(mistake));
            continue;
        }
        const DeploymentId id = its->deployment.id;
        const auto running =
            std::find_if(running_.deployments.begin(), running_.deployments.end(),
                         [&](const DeploymentConfig& one) { return one.deployment.id == id; });
        if (hooks_.set_aside) hooks_.set_aside(id, mistake.message);
        std::erase(changes.agents, id);
        const std::string path = "deployments." + id.str();
        std::erase_if(changes.applied,
                      [&](const std::string& key) { return key == path || key.starts_with(path + "."); });
        if (running == running_.deployments.end())
            merged.deployments.erase(its);
        else
            *its = *running;  // its agent answers on, as it was
    }
    report.errors = std::move(others);
    return report.errors.empty();
}

}  // namespace parley
