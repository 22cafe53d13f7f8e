#include "core/setup_failure.hpp"

#include <stdexcept>

namespace parley {

void throw_exception_from_error(const SetupFailure& failure, const boost::source_location&) {
    throw std::logic_error("no answer of Meta: " + failure.reason);
}

}  // namespace parley
