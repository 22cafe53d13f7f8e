// NumberReader: what is asked about the messages of one number. Reads block, as those of StoreReader.
//
// Threads   Any; one read at a time.
#pragma once

#include <mutex>

#include "core/number_records.hpp"
#include "store/sqlite.hpp"
#include "store/store_index.hpp"

namespace parley {

class NumberReader {
  public:
    // `mutex` guards `db`; all outlive the reader.
    NumberReader(sqlite::Database& db, std::mutex& mutex, const StoreIndex& index)
        : db_(db), mutex_(mutex), index_(index) {}
    Result<> open();

    Result<std::optional<OutboundRecord>> find_outbound(const std::string& callback);
    Result<ConversationId> find_conversation(const PhoneNumberId& channel, const Recipient& with);
    Result<NumberTraffic> traffic(const PhoneNumberId& channel, WallTime since);
    Result<NumberBacklog> backlog(const PhoneNumberId& channel);

  private:
    std::int64_t conversation_of(const PhoneNumberId& channel, int kind, const std::string& value);
    template <class Value>
    Result<Value> checked(Value value);

    sqlite::Database& db_;
    std::mutex& mutex_;
    const StoreIndex& index_;
    sqlite::Statement outbound_, alias_, merged_, in_, last_, out_, newest_, item_, unsent_;
};

}  // namespace parley
