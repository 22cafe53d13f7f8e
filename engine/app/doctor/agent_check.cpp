#include "app/doctor/agent_check.hpp"

#include <unistd.h>

namespace parley::doctor {
namespace {

bool belongs_to(const Diagnostic& mistake, const std::string& name) {
    return mistake.path.starts_with("deployments." + printable(name) + ".");
}

Finding describe(const std::string& name, const AgentSummary& agent, bool is_isolated) {
    return pass("agent", name,
                agent.id + " " + agent.version + ", ABI " + agent.abi + ", starts with its settings, " +
                    (is_isolated ? "in a process of its own"
                                 : "in the engine's process, which a crash of it would end"));
}

}  // namespace

Report examine_agents(const Config& config, const std::filesystem::path& executable,
                      const InspectAgent& inspect) {
    LoadReport looked{config, {}, {}};
    const auto summaries = inspect_agents(looked, executable, inspect);
    const std::filesystem::path worker = executable.parent_path() / "parley-worker";
    const bool has_worker = access(worker.c_str(), X_OK) == 0;
    Report report;
    for (std::size_t i = 0; i < summaries.size(); ++i) {
        const DeploymentConfig& one = config.deployments[i];
        const std::string& name = one.deployment.id.str();
        const bool is_isolated = one.isolation.kind == IsolationConfig::Kind::process;
        const std::size_t before = report.size();
        for (const Diagnostic& mistake : looked.errors)
            if (belongs_to(mistake, name))
                report.push_back(fail("agent", name, mistake.path + ": " + mistake.what,
                                      mistake.instead.empty() ? "correct its settings; see the agent's README"
                                                              : mistake.instead));
        if (is_isolated && !has_worker)
            report.push_back(fail("agent", name, "there is no " + worker.string() + " to run it in",
                                  "install parley-worker beside parley"));
        if (report.size() == before) report.push_back(describe(name, summaries[i], is_isolated));
    }
    return report;
}

}  // namespace parley::doctor
