#include "whatsapp/graph_error.hpp"

#include <algorithm>
#include <charconv>

#include "whatsapp/json_document.hpp"

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_reason = 400;
constexpr std::chrono::seconds longest_wait = 24h;
constexpr Millis used_up_wait = 60s;          // the shares are of a moving hour
constexpr std::uint32_t most_pair_steps = 5;  // 4^5 s is 17 minutes

std::string one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    if (text.size() <= longest_reason) return text;
    std::size_t end = longest_reason;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    return text;
}

std::int32_t code_of(const JsonValue& value) {
    const auto code = value.integer().value_or(0);
    return code >= 0 && code <= INT32_MAX ? static_cast<std::int32_t>(code) : 0;
}

JsonDocument& document_of_thread() {
    thread_local JsonDocument document;
    return document;
}

// Seconds, as Graph would write it; a date is not worth a clock here.
Millis retry_after(const HttpReply& reply) {
    const std::string text = reply.header("retry-after");
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || seconds < 0) return 0ms;
    return std::min(std::chrono::seconds(seconds), longest_wait);
}

Millis usage_wait(const JsonValue& usage) {
    const auto minutes = usage["estimated_time_to_regain_access"].integer().value_or(0);
    if (minutes > 0)
        return std::min<std::chrono::seconds>(std::chrono::minutes(std::min<std::int64_t>(minutes, 10'000)),
                                              longest_wait);
    for (const char* share : {"call_count", "total_cputime", "total_time"})
        if (usage[share].integer().value_or(0) >= 100) return used_up_wait;
    return 0ms;
}

SendOutcome of_class(const GraphErrorRow& row, const GraphError& error, Millis after, std::uint32_t tries) {
    switch (row.error_class) {
        case ErrorClass::retry:
        case ErrorClass::limit:
            return RetryLater{std::max<Millis>(after, row.after), row.scope, error.code, error.text};
        case ErrorClass::pair: {
            // Meta's own rule: 4^n seconds, n counting from 0.
            const std::uint32_t steps = std::min(tries > 0 ? tries - 1 : 0, most_pair_steps);
            const Millis pause = std::chrono::seconds(std::int64_t{1} << (2 * steps));
            return RetryLater{std::max(after, pause), Scope::recipient, error.code, error.text};
        }
        default:
            return Rejected{static_cast<char>(row.error_class), error.code, error.text};
    }
}

bool waits(const GraphErrorRow& row) {
    return row.error_class == ErrorClass::retry || row.error_class == ErrorClass::limit ||
           row.error_class == ErrorClass::pair;
}

SendOutcome of_error(const GraphError& error, const HttpReply& reply, std::uint32_t tries) {
    const Millis after = wait_told(reply);
    const GraphErrorRow* row = find_graph_error(error.code);
    const bool is_lost_number = error.code == 100 && error.subcode == 33;
    if (is_lost_number) row = find_graph_error(33);
    if (row && waits(*row)) {
        // Code 1 is as often a bad request as a bad day at Meta.
        const bool is_used_up = error.code == 1 && tries > 1 && !error.is_transient;
        return is_used_up ? SendOutcome(Rejected{'N', error.code, error.text})
                          : of_class(*row, error, after, tries);
    }
    if (error.is_transient) return RetryLater{after, Scope::message, error.code, error.text};
    if (row) return of_class(*row, error, after, tries);
    if (reply.status == 429) return RetryLater{after, Scope::number, error.code, error.text};
    if (reply.status >= 500) return RetryLater{after, Scope::message, error.code, error.text};
    return Rejected{'N', error.code, error.text};
}

// An answer that is not Graph's: a proxy's page, or Graph broken off.
SendOutcome of_foreign_answer(const HttpReply& reply) {
    const std::string what = "HTTP " + std::to_string(reply.status) + " without a Graph answer";
    if (reply.status == 429) return RetryLater{wait_told(reply), Scope::number, 0, what};
    const bool may_be_taken = reply.status < 300 || reply.status >= 500 || reply.status == 408;
    if (may_be_taken) return Unknown{what};
    return Rejected{reply.status == 401 ? 'T' : 'N', 0, what};
}

SendOutcome of_failure(const HttpFailure& failure) {
    const bool may_have_arrived = failure.may_have_arrived || failure.kind == HttpFailure::Kind::too_large;
    if (may_have_arrived) return Unknown{one_line(failure.reason)};
    return RetryLater{0ms, Scope::app, 0, one_line(failure.reason)};
}

}  // namespace

std::optional<GraphError> parse_graph_error(std::string_view body) {
    const auto root = document_of_thread().parse(body);
    if (!root) return std::nullopt;
    const JsonValue error = (*root)["error"];
    if (!error.is_object()) return std::nullopt;
    GraphError parsed;
    parsed.code = code_of(error["code"]);
    parsed.subcode = code_of(error["error_subcode"]);
    parsed.is_transient = error["is_transient"].raw() == "true";
    std::string text = error["message"].text();
    const JsonValue data = error["error_data"];
    std::string details = data.is_object() ? data["details"].text() : data.text();
    if (details.empty()) details = error["error_user_msg"].text();
    if (!details.empty() && details != text) text += text.empty() ? details : ": " + details;
    if (text.empty()) text = "Graph error " + std::to_string(parsed.code);
    text = one_line(std::move(text));
    const std::string trace = error["fbtrace_id"].text();
    if (!trace.empty() && trace.size() <= 64) text += " [fbtrace_id " + trace + "]";
    parsed.text = one_line(std::move(text));
    return parsed;
}

Millis wait_told(const HttpReply& reply) {
    Millis wait = retry_after(reply);
    const std::string usage = reply.header("x-business-use-case-usage");
    if (usage.empty()) return wait;
    const auto root = document_of_thread().parse(usage);
    if (!root) return wait;
    for (const JsonValue account : *root)
        for (const JsonValue use : account) wait = std::max(wait, usage_wait(use));
    return wait;
}

SendOutcome to_send_outcome(const HttpOutcome& outcome, std::uint32_t tries) {
    if (!outcome.reply) return of_failure(outcome.failure);
    const HttpReply& reply = *outcome.reply;
    if (const auto error = parse_graph_error(reply.body)) return of_error(*error, reply, tries);
    if (reply.status < 200 || reply.status >= 300) return of_foreign_answer(reply);
    const auto root = document_of_thread().parse(reply.body);
    if (!root) return of_foreign_answer(reply);
    MessageId wamid;
    for (const JsonValue message : (*root)["messages"])
        if (wamid.empty()) wamid = MessageId(message["id"].text());
    if (!wamid.empty()) return Sent{std::move(wamid), wait_told(reply)};
    return Unknown{"Graph's answer has no message id"};
}

}  // namespace parley
