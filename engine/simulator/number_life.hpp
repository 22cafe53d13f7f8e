// What becomes of one number of the business: verified by a code, registered with a PIN, described.
//
// Threads   None of its own; the caller serialises.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "simulator/call_parameters.hpp"

namespace parley::sim {

// Made, it is a configured number's: verified and registered, with no PIN known.
class NumberLife {
  public:
    static constexpr std::size_t most_registrations = 10;  // and deregistrations, in limit_window
    static constexpr std::size_t most_codes = 10;          // in limit_window
    static constexpr std::chrono::hours limit_window{72};
    static constexpr unsigned most_wrong_pins = 5;  // Meta does not tell its own number
    static constexpr std::chrono::hours pin_pause{1};

    static NumberLife added();  // just now: neither verified nor registered

    // POST /{phone_number_id}/{request_code, verify_code, register, deregister}, and to the number itself: its PIN.
    GraphReply request_code(const CallParameters& given, WallTime now, Millis code_life, std::string digits);
    GraphReply verify_code(const CallParameters& given, WallTime now);
    GraphReply enroll(const CallParameters& given, WallTime now);
    GraphReply deregister(WallTime now);
    GraphReply change(const CallParameters& given);

    // GET and POST /{phone_number_id}/whatsapp_business_profile
    GraphReply profile(const GraphCall& call);

    // For tests and demonstrations: any field of the number as Graph shows it. The text says what is wrong; empty: done.
    std::string show_as(const Json& facts);

    bool is_registered() const { return is_registered_; }
    // Adds what it knows to the number's fields.
    void describe(Json& number, const std::string& waba_id) const;
    // Of the last code: method, language, code, state ("waiting", "expired"), expires_in_ms; null: none, or used.
    Json last_code(WallTime now) const;
    void forget_limits();

  private:
    struct Code {
        std::string digits, method, language;
        WallTime expires{};
    };
    bool takes_registration(WallTime now);

    bool is_verified_ = true;
    bool is_registered_ = true;
    bool was_registered_ = true;
    std::string pin_;  // empty: none is set
    std::string region_;
    std::optional<Code> code_;
    std::deque<WallTime> code_requests_;
    std::deque<WallTime> registrations_;
    std::optional<WallTime> registrations_blocked_;
    std::optional<WallTime> pins_blocked_;
    unsigned wrong_pins_ = 0;
    Json profile_ = Json::object();
    Json facts_ = Json::object();
};

}  // namespace parley::sim
