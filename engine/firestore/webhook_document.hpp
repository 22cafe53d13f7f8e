// What webhooks brought, as documents of whatsapp_webhook_logs that a person can read.
#pragma once

#include "core/webhook_log.hpp"
#include "firestore/value.hpp"

namespace parley::firestore {

inline constexpr const char* logs_collection = "whatsapp_webhook_logs";

// A document may have 1 MiB with its names; what is longer is cut, and payload_truncated says so.
inline constexpr std::size_t most_payload = 900U << 10;  // bytes

struct LogDocument {
    std::string id;  // the same for the same item, however often it is written
    Json fields;
};

// `expire_at` is for a policy of the collection that deletes by this field.
LogDocument to_document(const LoggedItem& item, WallTime expire_at);
LogDocument to_document(const RefusedPost& post, WallTime expire_at);

// Whom an item is about; empty when it is about nobody.
Party person_of(const LoggedItem& item);

}  // namespace parley::firestore
