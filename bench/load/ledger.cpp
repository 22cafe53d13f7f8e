#include "load/ledger.hpp"

#include <algorithm>
#include <cmath>

namespace parley::bench {
namespace {

using Json = nlohmann::ordered_json;

double milliseconds(Nanos duration) {
    return static_cast<double>(duration.count()) / 1e6;
}

double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

Json percentiles(std::vector<Nanos> latencies) {
    if (latencies.empty()) return nullptr;
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double share) {
        const auto index = static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1));
        return rounded(milliseconds(latencies[index]));
    };
    return {{"p50", at(0.5)}, {"p90", at(0.9)}, {"p99", at(0.99)}, {"max", at(1)}};
}

}  // namespace

std::uint64_t Ledger::begin(Nanos due) {
    const auto users = static_cast<unsigned>(users_busy_.size());
    for (unsigned tried = 0; users_busy_[next_user_] && tried < users; ++tried)
        next_user_ = (next_user_ + 1) % users;
    messages_.push_back({.due = due, .user = next_user_});
    users_busy_[next_user_] = true;
    next_user_ = (next_user_ + 1) % users;
    return messages_.size() - 1;
}

void Ledger::acknowledged(std::uint64_t sequence, int status, Nanos at) {
    Message& message = messages_[sequence];
    users_busy_[message.user] = false;
    last_progress_ = at;
    if (status != 200) {
        ++refused_[status];
        return;
    }
    message.acknowledged = at;
    ++accepted_;
}

void Ledger::replied(std::uint64_t sequence, Nanos at) {
    if (sequence >= messages_.size()) return;
    Message& message = messages_[sequence];
    last_progress_ = at;
    if (message.replied.count() != 0) {
        ++repeated_;
        return;
    }
    message.replied = at;
    ++replies_;
    std::uint64_t& last = last_replied_[message.user];
    if (sequence < last) ++out_of_order_;
    last = std::max(last, sequence + 1);
}

Json Ledger::report(Nanos from, Nanos to) const {
    std::vector<Nanos> acknowledgements, answers;
    std::uint64_t acknowledged_within = 0;
    Nanos first{Nanos::max()}, last_reply{0};
    for (const Message& one : messages_) {
        first = std::min(first, one.due);
        last_reply = std::max(last_reply, one.replied);
        const bool due_within = one.due >= from && one.due <= to;
        if (one.acknowledged >= from && one.acknowledged <= to) ++acknowledged_within;
        if (due_within && one.acknowledged.count() != 0)
            acknowledgements.push_back(one.acknowledged - one.due);
        if (due_within && one.replied.count() != 0) answers.push_back(one.replied - one.due);
    }
    Json refused = Json::object();
    for (const auto& [status, count] : refused_) refused[std::to_string(status)] = count;
    const double until_last_reply = milliseconds(last_reply - first) / 1000;
    return {
        {"sent", messages_.size()},
        {"accepted", accepted_},
        {"refused", refused},
        {"replies", replies_},
        {"repeated", repeated_},
        {"out_of_order", out_of_order_},
        {"acks_per_s",
         std::round(static_cast<double>(acknowledged_within) / (milliseconds(to - from) / 1000))},
        {"replies_per_s", replies_ == 0 ? 0 : std::round(static_cast<double>(replies_) / until_last_reply)},
        {"ack_ms", percentiles(std::move(acknowledgements))},
        {"reply_ms", percentiles(std::move(answers))}};
}

}  // namespace parley::bench
