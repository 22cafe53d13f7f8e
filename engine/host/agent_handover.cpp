#include "host/agent_handover.hpp"

#include <future>

#include "host/json_check.hpp"

namespace parley {
namespace {

AgentAnswer ask_and_wait(AgentInstance& agent, AgentQuestion question, std::string version,
                         std::string memory, Millis limit) {
    const auto outcome = std::make_shared<std::promise<AgentAnswer>>();
    std::future<AgentAnswer> told = outcome->get_future();
    agent.ask(question, std::move(version), std::move(memory),
              [outcome](AgentAnswer answer) { outcome->set_value(std::move(answer)); });
    if (told.wait_for(limit) == std::future_status::ready) return told.get();
    return {PARLEY_TIMEOUT, 0, "no answer within " + std::to_string(limit.count()) + " ms"};
}

}  // namespace

Handover hand_over(AgentInstance& from, AgentInstance& to, Millis limit) {
    const PluginManifest& old = from.info().manifest;
    if (old.id != to.info().manifest.id) return {};
    AgentAnswer memory = ask_and_wait(from, AgentQuestion::export_memory, {}, {}, limit);
    if (memory.status == PARLEY_UNSUPPORTED) return {};
    if (memory.status != PARLEY_OK) return {false, "the old instance gives none: " + memory.text};
    // A worker may have said anything.
    if (!is_json_object(memory.text)) return {false, "the old instance gives none: it is no JSON object"};
    const AgentAnswer taken =
        ask_and_wait(to, AgentQuestion::import_memory, old.version, std::move(memory.text), limit);
    if (taken.status == PARLEY_OK) return {true, {}};
    if (taken.status == PARLEY_UNSUPPORTED) return {false, "the new version takes none"};
    return {false, "the new instance does not take it: " + taken.text};
}

}  // namespace parley
