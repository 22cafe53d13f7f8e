#include "host/agent_questions.hpp"

#include <array>

#include <parley/ext/handover.h>
#include <parley/ext/health.h>
#include <parley/ext/state-migrate.h>

#include "host/host_text.hpp"
#include "host/json_check.hpp"

namespace parley {
namespace {

constexpr std::size_t max_words = 1024;
constexpr std::size_t max_state = 256U << 10;

using Words = std::array<char, max_words>;

std::string in_words(Words& words) {
    words.back() = '\0';
    return one_line(words.data(), max_words);
}

template <class Table>
const Table* extension_of(const parley_agent& agent, const char* id, std::size_t least) {
    if (!PARLEY_HAS(&agent, get_extension) || agent.get_extension == nullptr) return nullptr;
    const auto* table = static_cast<const Table*>(agent.get_extension(agent.self, id));
    return table != nullptr && table->struct_size >= least ? table : nullptr;
}

// What an agent gives to a sink, up to a bound.
struct Given {
    std::size_t most = 0;
    std::string text;
    bool is_given = false, is_too_large = false;

    static void take(void* ctx, parley_str text) {
        auto& self = *static_cast<Given*>(ctx);
        std::string_view view;
        self.is_given = read_parley_str(text, view);
        self.is_too_large = view.size() > self.most;
        try {
            self.text = self.is_too_large ? std::string_view{} : view;
        } catch (const std::bad_alloc&) {
            self.is_too_large = true;
        }
    }

    // Why it is no document; empty: it is one.
    std::string problem() const {
        if (!is_given) return "it gave no document";
        if (is_too_large) return "its document is larger than " + std::to_string(most) + " bytes";
        return is_json_object(text) ? "" : "what it gave is no JSON object";
    }
};

AgentAnswer failed(parley_status status, const std::string& words) {
    return {status, 0, std::string(to_string_status(status)) + (words.empty() ? "" : ": " + words)};
}

AgentAnswer ask_health(const parley_agent& agent) {
    const auto* table = extension_of<parley_health>(agent, PARLEY_EXT_HEALTH, sizeof(parley_health));
    if (table == nullptr) return {PARLEY_UNSUPPORTED, 0, {}};
    Words words{};
    const std::int32_t level = table->check(agent.self, words.data(), words.size());
    return {PARLEY_OK, level, in_words(words)};
}

AgentAnswer export_memory(const parley_agent& agent, const parley_handover& table) {
    Words words{};
    Given given{max_memory, {}};
    const parley_status status =
        table.export_memory(agent.self, &given, &Given::take, words.data(), words.size());
    if (status != PARLEY_OK) return failed(status, in_words(words));
    if (const std::string problem = given.problem(); !problem.empty()) return failed(PARLEY_INVALID, problem);
    return {PARLEY_OK, 0, std::move(given.text)};
}

AgentAnswer import_memory(const parley_agent& agent, const parley_handover& table, std::string_view version,
                          std::string_view memory) {
    Words words{};
    const parley_status status = table.import_memory(agent.self, to_parley_str(version),
                                                     to_parley_str(memory), words.data(), words.size());
    return status == PARLEY_OK ? AgentAnswer{} : failed(status, in_words(words));
}

}  // namespace

AgentAnswer ask_agent(const parley_agent& agent, AgentQuestion question, std::string_view version,
                      std::string_view memory) {
    if (question == AgentQuestion::health) return ask_health(agent);
    const auto* table = extension_of<parley_handover>(agent, PARLEY_EXT_HANDOVER, sizeof(parley_handover));
    if (table == nullptr) return {PARLEY_UNSUPPORTED, 0, {}};
    return question == AgentQuestion::export_memory ? export_memory(agent, *table)
                                                    : import_memory(agent, *table, version, memory);
}

Result<ConversationState> migrated(const parley_agent& agent, const ConversationState& state,
                                   std::uint32_t schema) {
    const auto* table =
        extension_of<parley_state_migrate>(agent, PARLEY_EXT_STATE_MIGRATE, sizeof(parley_state_migrate));
    if (table == nullptr) return state;
    Words words{};
    Given given{max_state, {}};
    const parley_status status = table->migrate(agent.self, state.schema, to_parley_str(state.json), &given,
                                                &Given::take, words.data(), words.size());
    std::string problem;
    if (status == PARLEY_OK)
        problem = given.problem();
    else
        problem = failed(status, in_words(words)).text;
    if (problem.empty()) return ConversationState{std::move(given.text), state.revision, schema};
    return Error{Errc::fault, "the state of schema " + std::to_string(state.schema) +
                                  " could not be brought to " + std::to_string(schema) + ": " + problem};
}

}  // namespace parley
