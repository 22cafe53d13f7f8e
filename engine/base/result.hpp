// Result<T>: how every function of the engine that can fail says so.
//
// The code of an Error tells what the caller can do next; its message is written for the person who must act
// and never holds a secret. Whoever decides what happens logs; nobody logs and returns.
#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace parley {

enum class Errc {
    invalid_input,  // fix what was given
    not_found,      // it does not exist
    conflict,       // it exists already, or differently
    unauthorized,   // the credentials are wrong or missing
    busy,           // a bounded queue is full: try again later
    unavailable,    // a disk, network or peer does not work now: try again later
    corrupt,        // stored data cannot be read: a person must look
    fault,          // a mistake of ours
};

// The stable lower-case name of a code, for logs and JSON.
const char* to_string(Errc code) noexcept;

class Error {
  public:
    Error() = default;
    Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}

    Errc code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }

    // The same error with "context: " in front of its message.
    Error within(const std::string& context) const { return {code_, context + ": " + message_}; }

    friend bool operator==(const Error&, const Error&) = default;

  private:
    Errc code_ = Errc::fault;
    std::string message_;
};

// What Result::value() throws when there is none; reaching it is a mistake of the caller.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T = void>
using Result = boost::system::result<T, Error>;

}  // namespace parley
