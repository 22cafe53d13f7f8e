#include "core/setup_failure.hpp"

#include <stdexcept>

namespace parley {

SetupFailure refuse_setup(Errc kind, std::string meaning, std::string remedy, Millis wait) {
    SetupFailure failure;
    failure.kind = kind;
    failure.reason = meaning;
    failure.meaning = std::move(meaning);
    failure.remedy = std::move(remedy);
    failure.wait = wait;
    failure.is_retryable = kind == Errc::busy || kind == Errc::unavailable;
    return failure;
}

void throw_exception_from_error(const SetupFailure& failure, const boost::source_location&) {
    throw std::logic_error("no answer of Meta: " + failure.reason);
}

}  // namespace parley
