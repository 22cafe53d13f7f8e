// Whether Meta's Graph API answers, and whether this machine's clock agrees with Meta's.
#pragma once

#include <optional>
#include <string_view>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "base/clock.hpp"
#include "net/http_client.hpp"

namespace parley::doctor {

struct GraphAnswer {
    Report report;
    bool has_answered = false;  // else no other call is worth its wait
};

// One call, without a token. Blocks for ten seconds at most.
GraphAnswer examine_graph(const WhatsappConfig& whatsapp, HttpClient& http, const Clock& clock);

// How far this clock is behind, negative when it is ahead. Above a minute a warning, above five minutes a failure.
Finding judge_clock(Millis behind);

// Of a Date header (RFC 9110, IMF-fixdate).
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace parley::doctor
