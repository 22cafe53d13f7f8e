// What became of every message of a run: when it was due, acknowledged and answered.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "load/loop.hpp"

namespace parley::bench {

class Ledger {
  public:
    explicit Ledger(unsigned users) : last_replied_(users, 0), users_busy_(users, false) {}

    // A message of the next user none of whose messages waits for its acknowledgement, so that the order in
    // which the door took them is known. Latencies count from `due`.
    std::uint64_t begin(Nanos due);
    unsigned user_of(std::uint64_t sequence) const { return messages_[sequence].user; }

    void acknowledged(std::uint64_t sequence, int status, Nanos at);  // status 0: the connection broke
    void replied(std::uint64_t sequence, Nanos at);

    std::uint64_t begun() const { return messages_.size(); }
    std::uint64_t accepted() const { return accepted_; }
    std::uint64_t replies() const { return replies_; }
    Nanos last_progress() const { return last_progress_; }

    // Rates count what happened within [from, to]; latencies what was due then.
    nlohmann::ordered_json report(Nanos from, Nanos to) const;

  private:
    struct Message {
        Nanos due;
        Nanos acknowledged{0};
        Nanos replied{0};
        unsigned user;
    };

    std::vector<Message> messages_;
    std::vector<std::uint64_t> last_replied_;  // by user, the greatest sequence + 1
    std::vector<bool> users_busy_;
    unsigned next_user_ = 0;
    std::map<int, std::uint64_t> refused_;  // by status
    std::uint64_t accepted_ = 0, replies_ = 0, repeated_ = 0, out_of_order_ = 0;
    Nanos last_progress_{0};
};

}  // namespace parley::bench
