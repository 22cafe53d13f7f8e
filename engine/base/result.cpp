#include "base/result.hpp"

#include <stdexcept>

namespace parley {

const char* to_string(Errc code) noexcept {
    switch (code) {
        case Errc::invalid_input:
            return "invalid_input";
        case Errc::not_found:
            return "not_found";
        case Errc::conflict:
            return "conflict";
        case Errc::unauthorized:
            return "unauthorized";
        case Errc::busy:
            return "busy";
        case Errc::unavailable:
            return "unavailable";
        case Errc::corrupt:
            return "corrupt";
        case Errc::fault:
            return "fault";
    }
    return "fault";
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw std::logic_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) +
                           ": value() of a failed Result: " + error.message());
}

}  // namespace parley
