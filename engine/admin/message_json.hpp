// Messages as the API shows them: {"id","direction","wamid","type","text","state","at","annotations","error","answers"}.
#pragma once

#include <optional>
#include <string>

#include "admin/history_view.hpp"
#include "admin/view_json.hpp"

namespace parley {

std::string message_id(ItemSeq seq);    // in-12
std::string message_id(OutboundId id);  // out-34
std::string message_id(const HistoryRow& row);
// None when the text is none of these; a number of its own is the caller's to look up.
std::optional<ItemSeq> inbound_id_of(std::string_view text);
std::optional<OutboundId> outbound_id_of(std::string_view text);

PhoneNumberId channel_of(const HistoryRow& row);

// Shows rows with the engine's words for them.
class MessageJson {
  public:
    explicit MessageJson(const HistoryView& view) : view_(view) {}

    Json of(const ItemRow& item) const;
    Json of(const OutboundRow& message) const;
    Json of(const HistoryRow& row) const;
    // With "deployment", "phone_number_id" and "user".
    Json placed(const HistoryRow& row) const;
    // The deployment of a number, or null.
    Json deployment_of(const PhoneNumberId& channel) const;

  private:
    Json show(const ItemRow& item, const Result<WebhookItem>& read) const;
    Json error_of(const ItemRow& item) const;  // why its agent could not answer; null unless it is dead

    const HistoryView& view_;
};

}  // namespace parley
