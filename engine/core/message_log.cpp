#include "core/message_log.hpp"

#include <vector>

namespace parley {
namespace {

void log_fields(LogLevel level, std::string_view event, std::vector<LogField> fields,
                std::initializer_list<LogField> more) {
    fields.insert(fields.end(), more.begin(), more.end());
    log(level, event, std::span<const LogField>(fields));
}

}  // namespace

void log_about(LogLevel level, std::string_view event, const TurnEvent& message,
               std::initializer_list<LogField> more) {
    if (!log_enabled(level)) return;
    const std::string name = message_name(message.seq), trace = to_text(message.trace_id);
    std::vector<LogField> fields;
    if (message.deployment) fields.emplace_back("deployment", message.deployment->id.str());
    fields.emplace_back("message", name);
    if (!message.message.id.empty()) fields.emplace_back("wamid", message.message.id.str());
    fields.emplace_back("conversation", to_int(message.conversation));
    fields.emplace_back("trace", trace);
    log_fields(level, event, std::move(fields), more);
}

void log_about(LogLevel level, std::string_view event, const OutboundMessage& message,
               const DeploymentPtr& account, std::initializer_list<LogField> more) {
    if (!log_enabled(level)) return;
    const std::string name = message_name(message.id), trace = to_text(trace_of(message));
    std::vector<LogField> fields;
    if (account) fields.emplace_back("deployment", account->id.str());
    fields.emplace_back("message", name);
    fields.emplace_back("conversation", to_int(message.conversation));
    fields.emplace_back("trace", trace);
    log_fields(level, event, std::move(fields), more);
}

void log_end(const TurnEvent& event, const TurnResult& result, std::size_t replies) {
    if (result.ok) return log_about(LogLevel::debug, "turn ended", event, {{"replies", replies}});
    log_about(LogLevel::warning, "turn failed", event,
              {{"attempt", event.attempt}, {"reason", result.error}});
}

std::string message_name(ItemSeq seq) {
    return "in-" + std::to_string(to_int(seq));
}

std::string message_name(OutboundId id) {
    return "out-" + std::to_string(to_int(id));
}

}  // namespace parley
