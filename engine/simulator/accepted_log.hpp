// The messages that the cloud accepted, for tests that count: per recipient in order, and how often each
// callback id came.
//
// Memory    The last max_messages messages; older ones leave the lists, the totals and the count per recipient
//           stay exact.
// Threads   None of its own; the caller serialises.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

struct AcceptedMessage {
    std::string wamid;
    std::string phone_number_id;
    std::string to;        // digits or BSUID
    std::string callback;  // biz_opaque_callback_data; empty: none
    std::string type;
    std::string text;    // a text's body, else empty
    std::string status;  // accepted, sent, delivered, read, failed
    WallTime at{};
    std::string traceparent = {};  // the header of the call; empty: none
};

class AcceptedLog {
  public:
    static constexpr std::size_t max_messages = 100'000;

    void add(AcceptedMessage message);
    void set_status(const std::string& wamid, const std::string& status);

    std::uint64_t total() const { return total_; }
    std::uint64_t total_to(const std::string& recipient) const;
    std::vector<AcceptedMessage> to(const std::string& recipient) const;  // oldest first
    std::uint64_t times(const std::string& callback) const;               // within the last max_messages

    // {"accepted":N,"recipients":{TO:{"accepted":N,"messages":[…]}},"repeated":{CALLBACK:N}}; only
    // `recipient` when it is not empty, at most `limit` messages a recipient (the newest).
    Json to_json(const std::string& recipient, std::size_t limit) const;
    void clear();

  private:
    struct Recipient {
        std::uint64_t total = 0;
        std::deque<std::uint64_t> numbers;  // of messages_ that are still kept
    };
    const AcceptedMessage& at(std::uint64_t number) const { return messages_[number - first_]; }
    Json recipient_json(const Recipient& recipient, std::size_t limit) const;
    void forget_oldest();

    std::deque<AcceptedMessage> messages_;
    std::uint64_t first_ = 0;  // the number of messages_.front()
    std::uint64_t total_ = 0;
    std::unordered_map<std::string, Recipient> recipients_;
    std::unordered_map<std::string, std::uint64_t> callbacks_;
    std::unordered_map<std::string, std::uint64_t> by_wamid_;
};

}  // namespace parley::sim
