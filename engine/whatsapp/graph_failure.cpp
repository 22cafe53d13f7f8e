#include "whatsapp/graph_failure.hpp"

#include <stdexcept>

#include "whatsapp/graph_call.hpp"

namespace parley {
namespace {

GraphFailure of_graph_error(GraphError error, const HttpReply& reply) {
    GraphFailure failure;
    failure.code = error.code;
    failure.subcode = error.subcode;
    failure.reason = std::move(error.text);
    failure.error_class = reply.status >= 500 ? ErrorClass::retry : ErrorClass::request;
    if (reply.status == 429) failure.error_class = ErrorClass::limit;
    if (const GraphErrorRow* row = find_graph_error(error.code)) {
        failure.error_class = row->error_class;
        failure.meaning = row->meaning;
        failure.wait = row->after;
    }
    if (error.is_transient) failure.error_class = ErrorClass::retry;
    return failure;
}

GraphFailure of_foreign_answer(const HttpReply& reply) {
    GraphFailure failure;
    failure.reason = "HTTP " + std::to_string(reply.status) + " without a Graph answer";
    if (reply.status == 401) failure.error_class = ErrorClass::token;
    if (reply.status == 429) failure.error_class = ErrorClass::limit;
    if (reply.status >= 500 || reply.status == 408) failure.error_class = ErrorClass::retry;
    return failure;
}

}  // namespace

void throw_exception_from_error(const GraphFailure& failure, const boost::source_location&) {
    throw std::logic_error("no Graph result: " + failure.reason);
}

std::optional<GraphFailure> find_failure(const HttpOutcome& outcome, const Secret& token) {
    GraphFailure failure;
    if (!outcome.reply) {
        failure.error_class = ErrorClass::retry;
        failure.reason = outcome.failure.reason;
        if (outcome.failure.kind == HttpFailure::Kind::too_large) failure.error_class = ErrorClass::request;
    } else {
        const HttpReply& reply = *outcome.reply;
        const bool is_fine = reply.status >= 200 && reply.status < 300;
        auto error = parse_graph_error(reply.body);
        if (!error && is_fine) return std::nullopt;
        failure = error ? of_graph_error(std::move(*error), reply) : of_foreign_answer(reply);
        failure.http_status = reply.status;
        failure.wait = std::max(failure.wait, wait_told(reply));
    }
    blot_out(failure.reason, token.reveal());
    failure.remedy = remedy_of(failure.error_class);
    return failure;
}

GraphFailure refused_call(ErrorClass error_class, std::string reason) {
    GraphFailure failure;
    failure.error_class = error_class;
    failure.reason = std::move(reason);
    failure.remedy = remedy_of(error_class);
    return failure;
}

Error to_error(const GraphFailure& failure) {
    Errc code = Errc::invalid_input;
    if (failure.error_class == ErrorClass::token || failure.error_class == ErrorClass::policy)
        code = Errc::unauthorized;
    if (failure.error_class == ErrorClass::retry || failure.error_class == ErrorClass::limit ||
        failure.error_class == ErrorClass::pair)
        code = Errc::unavailable;
    if (failure.is_not_found()) code = Errc::not_found;
    return {code, failure.reason + " (" + failure.remedy + ")"};
}

}  // namespace parley
