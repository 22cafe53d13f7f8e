// Reads the configuration file again and hands on what may change while the engine runs.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "admin/reload_report.hpp"
#include "app/agent_roster.hpp"
#include "app/config_changes.hpp"
#include "app/config_loader.hpp"
#include "base/metrics.hpp"
#include "net/tls_context.hpp"

namespace parley {

class ConfigReloader {
  public:
    using Load = std::function<LoadReport()>;  // reads and checks the whole file; empty: there is none
    // Starts the agents of `which` beside those that run, and of other deployments whose agent's file has changed. A
    // mistake is told by its place; then none of them may be kept.
    using StartAgents =
        std::function<BegunAgents(const Config& config, const std::vector<DeploymentId>& which,
                                  std::vector<ReloadReport::Mistake>& mistakes)>;
    struct Changed {
        const Config& config;                   // that is to hold from now on
        std::shared_ptr<const TlsContext> tls;  // null without HTTPS, else what new connections begin with
        BegunAgents agents;                     // that answer from now on
        std::vector<DeploymentId> removed;
    };
    // Makes the engine's parts use what has changed; must not fail.
    using Apply = std::function<void(Changed changed)>;
    // Adds the accounts created by the API to what was read; an error is a mistake of the file. Empty: there are none.
    using AddAccounts = std::function<Result<>(Config& config)>;
    // An account whose agent does not start is left out; a file is never refused for it.
    using SetAside = std::function<void(const DeploymentId& account, const std::string& why)>;
    struct Hooks {
        Load load;
        StartAgents start_agents;
        Apply apply;
        AddAccounts add_accounts = {};
        SetAside set_aside = {};
    };

    // `running` is what runs now, with its `tls`.
    ConfigReloader(Config running, std::shared_ptr<const TlsContext> tls, Hooks hooks, Metrics& metrics);

    // Any thread, one reload at a time; blocks. A file with a mistake changes nothing. What came of it is logged.
    ReloadReport reload();

    // Applies what has changed of the accounts, and nothing of the file. Mistakes are those of the account `asked`.
    ReloadReport reload_accounts(const DeploymentId& asked);

    // Runs `use` with what runs now, while no reload does. Any thread; blocks.
    template <class Use>
    auto with_running(Use use) {
        const std::lock_guard lock(mutex_);
        return use(static_cast<const Config&>(running_));
    }

  private:
    ReloadReport read_again();
    void take(Config next, const DeploymentId& asked, ReloadReport& report);
    bool set_aside(Config& merged, ConfigChanges& changes, const DeploymentId& asked, ReloadReport& report);
    void count(const ReloadReport& report);

    std::mutex mutex_;
    Config running_;
    std::shared_ptr<const TlsContext> tls_;
    const Hooks hooks_;
    Counter &reloaded_, &unchanged_, &refused_;
};

}  // namespace parley
