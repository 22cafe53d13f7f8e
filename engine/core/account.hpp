// A deployment: one number, its access to Graph, and the agent that answers for it. "Account" in the API.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "core/ids.hpp"

namespace parley {

// Meta's limits on what is sent. A rate of 0 means off.
struct Pace {
    double number_per_second = 80;
    double pair_per_second = 1.0 / 6.0;
    unsigned pair_burst = 45;
};

// What becomes of a send whose outcome stays unknown.
struct UnknownSends {
    enum class Then { resend, hold };
    Millis wait{60'000};
    Then then = Then::resend;
};

// What becomes of a free-form message 24 hours after the user's last one, when WhatsApp takes templates only.
struct OutsideWindow {
    std::string template_name;  // sent instead; empty: nothing, the message fails
    std::string language = "en_US";
};

struct Presence {
    bool read = true;
    bool typing = true;
};

struct Deployment {
    DeploymentId id;
    PhoneNumberId channel;
    std::string waba_id;
    AppId app;  // whose signature counts for this number
    Secret access_token;
    Secret proxy_token;  // opens the Graph proxy for its bot; empty: closed
    std::string agent;   // id or path, for display
    Millis deadline{20'000};
    unsigned attempts = 2;  // crashes blamed on the agent before a message is a dead letter
    std::string fallback;   // what the user reads when the agent fails; empty: nothing
    Pace pace;
    UnknownSends unknown_sends;
    OutsideWindow outside_window;
    Presence presence;
    // What expects no answer and what the agent asks for all the same, by the words of its manifest.
    std::set<std::string, std::less<>> events;
    // Of these only the statuses that are named here; see agent_events.hpp. Empty: all that `events` asks for.
    std::vector<std::string> told;
    bool is_recorded = false;  // its turns are kept for `parley replay`
    bool is_default = false;   // takes values without metadata.phone_number_id
    bool takes_messages =
        true;  // false: what arrives is kept as unrouted; what is here already is finished and sent
    std::string business_name;  // what agents are told; empty: the id
};

}  // namespace parley
