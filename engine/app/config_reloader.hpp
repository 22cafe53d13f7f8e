// Reads the configuration file again and hands on what may change while the engine runs.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "admin/reload_report.hpp"
#include "app/config_changes.hpp"
#include "app/config_loader.hpp"
#include "base/metrics.hpp"
#include "net/tls_context.hpp"

namespace parley {

class ConfigReloader {
  public:
    using Load = std::function<LoadReport()>;  // reads and checks the whole file; empty: there is none
    // Makes the engine's parts use the configuration; must not fail. `tls` is null without HTTPS, else what new
    // connections begin with.
    using Apply = std::function<void(const Config& config, std::shared_ptr<const TlsContext> tls)>;

    // `running` is what runs now, with its `tls`.
    ConfigReloader(Config running, std::shared_ptr<const TlsContext> tls, Load load, Apply apply,
                   Metrics& metrics);

    // Any thread, one reload at a time; blocks. A file with a mistake changes nothing. What came of it is logged.
    ReloadReport reload();

  private:
    ReloadReport read_again();
    void count(const ReloadReport& report);

    std::mutex mutex_;
    Config running_;
    std::shared_ptr<const TlsContext> tls_;
    const Load load_;
    const Apply apply_;
    Counter &reloaded_, &unchanged_, &refused_;
};

}  // namespace parley
