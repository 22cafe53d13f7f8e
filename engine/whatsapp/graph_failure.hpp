// Why a call to Graph that sends no message did not do what it should, with what to do about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "whatsapp/graph_error.hpp"

namespace parley {

struct GraphFailure {
    std::int32_t code = 0;  // Graph's; 0: the answer was not Graph's, or there was none
    std::int32_t subcode = 0;
    int http_status = 0;  // 0: no answer
    ErrorClass error_class = ErrorClass::request;
    std::string reason;   // what Graph or the network said, on one line; no secret
    std::string meaning;  // of the code, for people; empty: not known
    std::string remedy;   // what a person can do
    Millis wait{0};       // before it is worth another try; 0: unknown

    // Graph's way to say that there is no such object, or none for this token.
    bool is_not_found() const noexcept {
        return http_status == 404 || code == 33 || (code == 100 && subcode == 33);
    }
};

template <class T>
using GraphResult = boost::system::result<T, GraphFailure>;

// What GraphResult::value() throws when there is none; reaching it is a mistake of the caller.
[[noreturn]] void throw_exception_from_error(const GraphFailure& failure,
                                             const boost::source_location& where);

// Nothing when the call got a 2xx without an error in it. `token` is blotted out.
std::optional<GraphFailure> find_failure(const HttpOutcome& outcome, const Secret& token);

// Of our own: nothing was called.
GraphFailure refused_call(ErrorClass error_class, std::string reason);

// For callers that need no more than the code and a sentence.
Error to_error(const GraphFailure& failure);

}  // namespace parley
