// Scripted faults of the send endpoint: a list of rules, each spent after a number of times.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

struct FaultRule {
    enum class Cut {
        none,
        before,
        after
    };  // the connection is closed unanswered, before or after the message is accepted

    std::string to;               // the recipient's digits or BSUID; empty: any
    std::string phone_number_id;  // empty: any
    std::uint64_t nth = 1;        // the first matching send that is concerned, counted by the rule itself
    double probability = 1;       // of each concerned send

    int http_status = 0;  // 0: as the Graph code says, or 200 without one
    int graph_code = 0;   // 0: with an http_status the body is no Graph error, as from a broken proxy
    Millis delay{0};      // before the answer
    Cut cut = Cut::none;
    bool accept = false;      // the message is accepted although the answer is an error
    bool later = false;       // answered 200; the code arrives as a failed status
    std::uint64_t times = 1;  // 0: without end
};

// {"match":{"to","phone_number_id","nth","probability"},"http_status","graph_code","delay_ms","cut":"before"|"after",
//  "accept","later","times"}. Unknown keys and values out of range are invalid_input.
Result<FaultRule> parse_fault_rule(const Json& rule);
Json to_json(const FaultRule& rule);

class FaultScript {
  public:
    static constexpr std::size_t max_rules = 1000;

    Result<> add(FaultRule rule);  // busy when there are max_rules
    void clear() { rules_.clear(); }

    // The first rule that concerns this send; it counts as used.
    std::optional<FaultRule> next(std::string_view to, std::string_view phone_number_id, Random& random);

    Json to_json() const;  // what is left, with "seen" and "used"

  private:
    struct Entry {
        FaultRule rule;
        std::uint64_t seen = 0;
        std::uint64_t used = 0;
    };
    std::list<Entry> rules_;
};

}  // namespace parley::sim
