// The messages that the cloud accepted.
#include "simulator/accepted_log.hpp"

namespace parley::sim {

void AcceptedLog::add(AcceptedMessage message) {
    if (messages_.size() >= max_messages) forget_oldest();
    const std::uint64_t number = total_++;
    Recipient& recipient = recipients_[message.to];
    ++recipient.total;
    recipient.numbers.push_back(number);
    if (!message.callback.empty()) ++callbacks_[message.callback];
    by_wamid_[message.wamid] = number;
    messages_.push_back(std::move(message));
}

void AcceptedLog::forget_oldest() {
    const AcceptedMessage& oldest = messages_.front();
    recipients_[oldest.to].numbers.pop_front();
    by_wamid_.erase(oldest.wamid);
    const auto callback = callbacks_.find(oldest.callback);
    if (callback != callbacks_.end() && --callback->second == 0) callbacks_.erase(callback);
    messages_.pop_front();
    ++first_;
}

void AcceptedLog::set_status(const std::string& wamid, const std::string& status) {
    const auto found = by_wamid_.find(wamid);
    if (found != by_wamid_.end()) messages_[found->second - first_].status = status;
}

std::uint64_t AcceptedLog::total_to(const std::string& recipient) const {
    const auto found = recipients_.find(recipient);
    return found == recipients_.end() ? 0 : found->second.total;
}

std::vector<AcceptedMessage> AcceptedLog::to(const std::string& recipient) const {
    std::vector<AcceptedMessage> list;
    const auto found = recipients_.find(recipient);
    if (found == recipients_.end()) return list;
    for (const std::uint64_t number : found->second.numbers) list.push_back(at(number));
    return list;
}

std::uint64_t AcceptedLog::times(const std::string& callback) const {
    const auto found = callbacks_.find(callback);
    return found == callbacks_.end() ? 0 : found->second;
}

Json AcceptedLog::recipient_json(const Recipient& recipient, std::size_t limit) const {
    Json messages = Json::array();
    const std::size_t kept = recipient.numbers.size();
    for (std::size_t i = kept > limit ? kept - limit : 0; i < kept; ++i) {
        const AcceptedMessage& message = at(recipient.numbers[i]);
        Json row{{"wamid", message.wamid},   {"phone_number_id", message.phone_number_id},
                 {"type", message.type},     {"text", message.text},
                 {"status", message.status}, {"at_unix_ms", unix_ms(message.at)}};
        if (!message.callback.empty()) {
            row["callback"] = message.callback;
            row["callback_count"] = times(message.callback);
        }
        if (!message.traceparent.empty()) row["traceparent"] = message.traceparent;
        messages.push_back(std::move(row));
    }
    return {{"accepted", recipient.total}, {"messages", std::move(messages)}};
}

Json AcceptedLog::to_json(const std::string& recipient, std::size_t limit) const {
    Json list = Json::object();
    for (const auto& [to, entry] : recipients_) {
        if (recipient.empty() || recipient == to) list[to] = recipient_json(entry, limit);
    }
    Json repeated = Json::object();
    for (const auto& [callback, count] : callbacks_) {
        if (count > 1) repeated[callback] = count;
    }
    return {{"accepted", total_}, {"recipients", std::move(list)}, {"repeated", std::move(repeated)}};
}

void AcceptedLog::clear() {
    *this = AcceptedLog{};
}

}  // namespace parley::sim
