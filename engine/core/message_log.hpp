// Log lines about one message. All begin with the same fields: `deployment`, `message` as the API and `parley trace` call it
// (in-7, out-8), `wamid` once WhatsApp has given one, and `trace`.
#pragma once

#include "base/log.hpp"
#include "core/outbound.hpp"
#include "core/turn.hpp"

namespace parley {

// A line about a message that came in has `conversation` too. Costs nothing while the level is not logged.
void log_about(LogLevel level, std::string_view event, const TurnEvent& message,
               std::initializer_list<LogField> more = {});

// `account`: whose message it is; null when nobody has its number any more.
void log_about(LogLevel level, std::string_view event, const OutboundMessage& message,
               const DeploymentPtr& account, std::initializer_list<LogField> more = {});

// How a turn ended, and with how many messages: at debug, or as a warning why not.
void log_end(const TurnEvent& event, const TurnResult& result, std::size_t replies);

// "in-7", "out-8"
std::string message_name(ItemSeq seq);
std::string message_name(OutboundId id);

}  // namespace parley
