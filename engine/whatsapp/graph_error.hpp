// What an answer of the Graph API means for the message that was sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/outbound.hpp"
#include "net/http_client.hpp"

namespace parley {

// What to do about an error code. The letters are those of Rejected::error_class and three that mean to wait.
enum class ErrorClass : char {
    retry = 'R',    // wait and try again
    pair = 'P',     // slow down for this recipient
    limit = 'L',    // slow down within `scope`
    request = 'N',  // the message is wrong; trying again helps nobody
    token = 'T',    // the account's access is gone; a person must act
    window = 'W',   // only a template may be sent now
    user = 'U',     // this person cannot or does not want to get it
    policy = 'X',   // the account is restricted, unpaid or not registered; a person must act
};

struct GraphErrorRow {
    std::int32_t first, last;  // codes, both included
    ErrorClass error_class;
    Scope scope;                 // of classes that wait
    std::chrono::seconds after;  // 0: the pump's own backoff
    std::string_view meaning;    // for people
};

// Ordered by code, without overlaps.
std::span<const GraphErrorRow> graph_error_table() noexcept;
const GraphErrorRow* find_graph_error(std::int32_t code) noexcept;  // null: not known

// What a person can do about errors of this class; a sentence without a full stop.
std::string_view remedy_of(ErrorClass error_class) noexcept;

// The `error` of a Graph answer.
struct GraphError {
    std::int32_t code = 0;
    std::int32_t subcode = 0;
    bool is_transient = false;
    std::string text;  // message, details and fbtrace_id on one line, at most 400 bytes
};
std::optional<GraphError> parse_graph_error(std::string_view body);

// How long Graph asks to wait: Retry-After, and what X-Business-Use-Case-Usage says of the accounts it names: minutes to
// regain access, or a minute when a percentage has reached 100. 0: nothing asked. At most a day.
Millis wait_told(const HttpReply& reply);

// How a send ended. `tries` counts the calls made so far, this one included. A Graph error is an answer
// whatever the HTTP status; without one a 5xx, a broken connection or a timeout leave it open whether the
// message was taken.
SendOutcome to_send_outcome(const HttpOutcome& outcome, std::uint32_t tries);

}  // namespace parley
