// Meta's limits on sending: the 24 h window, the pair rate and the throughput of a number. Counts; the caller
// decides by Behaviour which of them are in force.
#pragma once

#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace parley::sim {

class SendLimits {
  public:
    // A user wrote to a number.
    void saw_inbound(const std::string& phone_number_id, const std::string& user, WallTime at);
    bool window_open(const std::string& phone_number_id, const std::string& user, WallTime now) const;

    // Takes one message from the allowance; false when there is none left.
    bool take_pair(const std::string& phone_number_id, const std::string& user, MonoTime now);
    bool take_throughput(const std::string& phone_number_id, MonoTime now);

    void clear();

  private:
    struct Bucket {
        double level = 0;
        MonoTime at{};
    };
    static bool take(Bucket& bucket, bool fresh, double size, double per_second, MonoTime now);

    // Beyond this many pairs the counts start again; the simulator is no place for millions of users.
    static constexpr std::size_t max_pairs = 200'000;

    std::unordered_map<std::string, WallTime> last_inbound_;
    std::unordered_map<std::string, Bucket> pairs_;
    std::unordered_map<std::string, Bucket> numbers_;
};

}  // namespace parley::sim
