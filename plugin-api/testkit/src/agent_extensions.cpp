#include "agent_extensions.hpp"

#include <array>
#include <optional>

#include <nlohmann/json.hpp>

#include <parley/ext/handover.h>
#include <parley/ext/health.h>
#include <parley/ext/state-migrate.h>
#include <parley/sdk/text.hpp>

namespace parley::testing {

namespace {

constexpr std::size_t most_of_a_state = 256 * 1024;
constexpr std::size_t most_of_a_memory = 4 * 1024 * 1024;

using Words = std::array<char, 1024>;

template <class Table>
const Table* extension_of(const parley_agent& agent, const char* id, std::size_t least) {
    if (!PARLEY_HAS(&agent, get_extension) || !agent.get_extension) return nullptr;
    const auto* table = static_cast<const Table*>(agent.get_extension(agent.self, id));
    return table && table->struct_size >= least ? table : nullptr;
}

struct Given {
    std::optional<std::string> text;
    static void take(void* ctx, parley_str text) { static_cast<Given*>(ctx)->text = view(text); }
};

// Why it is no document of at most `most` bytes; empty: it is one.
std::string problem_of(const Given& given, std::size_t most) {
    if (!given.text) return "it gave no document";
    if (given.text->size() > most) return "its document is larger than " + std::to_string(most) + " bytes";
    return nlohmann::json::parse(*given.text, nullptr, false).is_object() ? ""
                                                                          : "what it gave is no JSON object";
}

}  // namespace

std::string migrate(HostState& state, const parley_agent& agent, Conversation& conversation) {
    const auto* table =
        extension_of<parley_state_migrate>(agent, PARLEY_EXT_STATE_MIGRATE, sizeof(parley_state_migrate));
    if (!table) return {};
    Words words{};
    Given given;
    parley_status status = PARLEY_INTERNAL;
    state.call("migrate", [&] {
        status = table->migrate(agent.self, conversation.schema, str(conversation.document), &given,
                                &Given::take, words.data(), words.size());
    });
    const std::string problem = status == PARLEY_OK ? problem_of(given, most_of_a_state)
                                                    : "the agent said " + std::string(words.data());
    if (!problem.empty())
        return "the state of schema " + std::to_string(conversation.schema) + " could not be brought to " +
               std::to_string(state.options.state_schema) + ": " + problem;
    conversation.document = std::move(*given.text);
    conversation.schema = state.options.state_schema;
    return {};
}

FakeHost::Answer ask_health(HostState& state, const parley_agent& agent) {
    const auto* table = extension_of<parley_health>(agent, PARLEY_EXT_HEALTH, sizeof(parley_health));
    if (!table) return {};
    Words words{};
    std::int32_t level = PARLEY_HEALTH_UNHEALTHY;
    state.call("health", [&] { level = table->check(agent.self, words.data(), words.size()); });
    return {PARLEY_OK, level, words.data()};
}

FakeHost::Answer ask_export(HostState& state, const parley_agent& agent) {
    const auto* table = extension_of<parley_handover>(agent, PARLEY_EXT_HANDOVER, sizeof(parley_handover));
    if (!table) return {};
    Words words{};
    Given given;
    parley_status status = PARLEY_INTERNAL;
    state.call("export_memory", [&] {
        status = table->export_memory(agent.self, &given, &Given::take, words.data(), words.size());
    });
    if (status != PARLEY_OK) return {status, 0, words.data()};
    if (const std::string problem = problem_of(given, most_of_a_memory); !problem.empty())
        return {PARLEY_INVALID, 0, problem};
    return {PARLEY_OK, 0, *given.text};
}

FakeHost::Answer ask_import(HostState& state, const parley_agent& agent, std::string_view version,
                            std::string_view json) {
    const auto* table = extension_of<parley_handover>(agent, PARLEY_EXT_HANDOVER, sizeof(parley_handover));
    if (!table) return {};
    Words words{};
    parley_status status = PARLEY_INTERNAL;
    state.call("import_memory", [&] {
        status = table->import_memory(agent.self, str(version), str(json), words.data(), words.size());
    });
    return {status, 0, words.data()};
}

}  // namespace parley::testing
