// Port: Meta's side of an account's life. A number is added to a WhatsApp Business Account (WABA), verified by a code,
// registered with a PIN, described, and the app subscribed to what happens to it. GraphPhoneSetup implements it.
//
// Threads   Any. `done` runs exactly once, on any thread, maybe before the function returns; it must not block.
// Retries   None are made. Meta takes few registrations and codes: ask SetupLimits before each of these calls.
// Secrets   The token of the account is given per call and kept until `done`; no token, PIN or code gets into a text.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/unique_function.hpp"
#include "core/number_facts.hpp"
#include "core/setup_failure.hpp"

namespace parley {

struct NewNumber {
    std::string country_code;   // digits, as 91; without a sign
    std::string number;         // the digits after it; spaces, hyphens, brackets and dots are dropped
    std::string verified_name;  // the name that customers see; Meta reviews it
};

enum class CodeMethod { sms, voice };

// The webhooks of one WABA go here instead of to the app's own URL.
struct WebhookOverride {
    std::string url;  // https, at most 200 bytes; Meta asks it by GET, with the token, before it answers
    Secret verify_token;
};

template <class T = void>
using SetupDone = Completion<SetupResult<T>>;

class PhoneSetup {
  public:
    virtual ~PhoneSetup() = default;

    // Adds an unverified number. Meta cannot delete it by API again.
    virtual void add_number(const std::string& waba_id, NewNumber number, const Secret& token,
                            SetupDone<PhoneNumberId> done) = 0;
    // By its digits with country code ("+91 98000 00100", "919800000100"), over all pages. An empty optional: the WABA
    // has no such number.
    virtual void find_number(const std::string& waba_id, const std::string& phone_number, const Secret& token,
                             SetupDone<std::optional<NumberFacts>> done) = 0;

    // `language` as Meta's, en_US or de. Whoever holds the number gets six digits.
    virtual void request_code(const PhoneNumberId& number, CodeMethod method, const std::string& language,
                              const Secret& token, SetupDone<> done) = 0;
    // Six digits; a hyphen or spaces between them are dropped.
    virtual void verify_code(const PhoneNumberId& number, const Secret& code, const Secret& token,
                             SetupDone<> done) = 0;

    // `pin` is six digits: the first registration sets it, later ones must know it. `region` is where data rest, as IN;
    // empty: nowhere special.
    virtual void register_number(const PhoneNumberId& number, const Secret& pin, const std::string& region,
                                 const Secret& token, SetupDone<> done) = 0;
    virtual void deregister_number(const PhoneNumberId& number, const Secret& token, SetupDone<> done) = 0;
    virtual void set_pin(const PhoneNumberId& number, const Secret& pin, const Secret& token,
                         SetupDone<> done) = 0;

    virtual void read_number(const PhoneNumberId& number, const Secret& token,
                             SetupDone<NumberFacts> done) = 0;

    virtual void read_profile(const PhoneNumberId& number, const Secret& token,
                              SetupDone<BusinessProfile> done) = 0;
    // Changes what is set and leaves the rest; checked against Meta's limits before anything is called. The vertical may
    // be a free word that to_vertical() knows.
    virtual void write_profile(const PhoneNumberId& number, BusinessProfile profile, const Secret& token,
                               SetupDone<> done) = 0;

    // Subscribes the token's app to the WABA. Without `override_with` an earlier override ends.
    virtual void subscribe(const std::string& waba_id, std::optional<WebhookOverride> override_with,
                           const Secret& token, SetupDone<> done) = 0;
    virtual void list_subscriptions(const std::string& waba_id, const Secret& token,
                                    SetupDone<std::vector<AppSubscription>> done) = 0;
    virtual void unsubscribe(const std::string& waba_id, const Secret& token, SetupDone<> done) = 0;

    // What a token may do and how long. `token` is an app token (app id, '|', app secret) or a token of the same app,
    // which may be the inspected one itself. A token that is not valid is facts, no failure.
    virtual void inspect_token(const Secret& inspected, const Secret& token, SetupDone<TokenFacts> done) = 0;
};

}  // namespace parley
