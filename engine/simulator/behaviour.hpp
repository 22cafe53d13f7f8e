// How the pretended cloud behaves: everything that can be switched while it runs, by PUT /sim/behaviour or in
// C++.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

// Whether free-form messages outside the 24 h window are refused, and when.
enum class WindowRule { off, answer, status };

struct Behaviour {
    bool statuses = true;    // false: nothing follows an accepted message
    Millis sent_after{150};  // after the message was accepted
    Millis delivered_after{400};
    std::optional<Millis> read_after;  // none: when somebody opens the chat on the phone page

    // 131047: in the answer, or 200 and then a failed status as Meta mostly does.
    WindowRule window = WindowRule::off;
    bool pair_rate = false;             // 131056: one message in 6 s to one user, 45 at once at most
    bool throughput = false;            // 130429: 80 messages a second of one number
    std::set<std::string> unreachable;  // users to whom a message ends as failed, 131026

    unsigned duplicates = 0;  // further deliveries of every webhook item
    Millis shuffle{0};        // above 0: items wait a random time up to this and keep no order
    unsigned batch = 1;       // items in one POST at most, 1 to 1000
    unsigned webhooks_in_flight = 32;
    Millis webhook_timeout{10'000};
    Millis retry_first{250};  // the first retry is at once, the second after this, then doubling
    Millis retry_cap{15'000};
    Millis retry_for{30 * 60'000};  // then the webhook is given up and counted

    // How long things of media live.
    Millis media_url_for{5 * 60'000};                  // a download URL
    Millis uploads_kept{std::chrono::hours(30 * 24)};  // what the business uploaded
    Millis received_kept{std::chrono::hours(7 * 24)};  // what users sent
    Millis template_review{0};                         // how long a new template is pending

    Millis code_life{10 * 60'000};  // how long a verification code is good
    std::string verification_code;  // what each of them is; empty: six random digits

    unsigned expired_downloads = 0;  // so many next downloads find their URL expired; counts down

    bool token_expired = false;  // every Graph call: 190, subcode 463
    // Above 0: Graph's answers carry usage headers with this percentage and these minutes.
    unsigned usage_percent = 0;
    unsigned regain_access_minutes = 0;

    // Changes the named members. Nothing is changed when one of them is unknown or out of range:
    // invalid_input, which names it. Durations are integers of milliseconds and their names end in _ms.
    Result<> apply(const Json& changes);
    Json to_json() const;
};

}  // namespace parley::sim
