// Scripted faults of Graph calls: a list of rules, each spent after a number of times.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <span>
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

    std::string call;             // empty: sends; else one of fault_calls()
    std::string to;               // the recipient's digits or BSUID; empty: any
    std::string phone_number_id;  // empty: any
    std::uint64_t nth = 1;        // the first matching send that is concerned, counted by the rule itself
    double probability = 1;       // of each concerned send

    int http_status = 0;  // 0: as the Graph code says, or 200 without one
    int graph_code = 0;   // 0: with an http_status the body is no Graph error, as from a broken proxy
    int graph_subcode = 0;
    Millis delay{0};  // before the answer
    Cut cut = Cut::none;
    bool accept = false;      // the message is accepted although the answer is an error
    bool later = false;       // answered 200; the code arrives as a failed status
    std::uint64_t times = 1;  // 0: without end
};

// The calls beside sends that a rule may name: the edge of the URL, or "number", "media_id", "debug_token" for those
// without one. In such a rule phone_number_id is the id in the URL, of a number, an account or a file.
std::span<const std::string_view> fault_calls();

// {"match":{"call","to","phone_number_id","nth","probability"},"http_status","graph_code","graph_subcode","delay_ms",
//  "cut":"before"|"after","accept","later","times"}. Unknown keys and values out of range are invalid_input.
Result<FaultRule> parse_fault_rule(const Json& rule);
Json to_json(const FaultRule& rule);

class FaultScript {
  public:
    static constexpr std::size_t max_rules = 1000;

    Result<> add(FaultRule rule);  // busy when there are max_rules
    void clear() { rules_.clear(); }

    // The first rule that concerns this send; it counts as used.
    std::optional<FaultRule> next(std::string_view to, std::string_view phone_number_id, Random& random);
    // The same of another call than a send, to the object with this id.
    std::optional<FaultRule> next_call(std::string_view call, std::string_view id, Random& random);

    Json to_json() const;  // what is left, with "seen" and "used"

  private:
    struct Entry {
        FaultRule rule;
        std::uint64_t seen = 0;
        std::uint64_t used = 0;
    };
    template <class Fits>
    std::optional<FaultRule> take(const Fits& fits, Random& random);

    std::list<Entry> rules_;
};

}  // namespace parley::sim
