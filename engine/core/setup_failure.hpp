// Why a call of PhoneSetup did not do what it should, with what to do about it.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace parley {

struct SetupFailure {
    SetupFailure() = default;

    std::int32_t code = 0;  // Meta's; 0: refused before anything was called, or no answer of Meta's
    std::int32_t subcode = 0;
    int http_status = 0;  // of Meta's answer; 0: none
    // What the caller can do: invalid_input (correct it), not_found (no such object, or none for this token),
    // conflict (it is so already, or another step must come first), unauthorized (the token, or the account at Meta,
    // does not allow it), busy (a limit of Meta's; `wait` tells), unavailable (network or Meta; try again).
    Errc kind = Errc::invalid_input;
    std::string reason;  // what Meta or the network said, on one line; holds no token, PIN or code
    // Sentences for people, without a capital and a full stop; never empty.
    std::string meaning;
    std::string remedy;  // the next step
    Millis wait{0};      // before it is worth another try; 0: unknown
    // The same call can succeed later without anybody doing anything.
    bool is_retryable = false;
};

// Of our own: nothing was called.
SetupFailure refuse_setup(Errc kind, std::string meaning, std::string remedy, Millis wait = Millis{0});

template <class T = void>
using SetupResult = boost::system::result<T, SetupFailure>;

// What SetupResult::value() throws when there is none; reaching it is a mistake of the caller.
[[noreturn]] void throw_exception_from_error(const SetupFailure& failure,
                                             const boost::source_location& where);

}  // namespace parley
