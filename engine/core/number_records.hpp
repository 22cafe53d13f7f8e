// Port: what the operator's API asks of the messages of one number.
//
// Promise   As MessageStore.
// Threads   Any but the spine's: every call blocks.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "core/message_records.hpp"

namespace parley {

// A message to send, and where it stands.
struct OutboundRecord {
    OutboundMessage message;
    OutboundState state = OutboundState::queued;
    MessageId wamid;  // empty: not known
    std::int32_t error_code = 0;
    std::string error_text;
};

// Counted from a time on; messages only.
struct NumberTraffic {
    std::uint64_t in = 0, out = 0, failed = 0;
    WallTime last_webhook{};  // of anything for this number; {}: none among those looked at
    bool is_partial = false;  // there is more than is looked at: the newest ones are counted
};

struct NumberBacklog {
    struct Open {
        ItemSeq seq{};
        ConversationId conversation{};
    };
    struct Unsent {
        OutboundId id{};
        ConversationId conversation{};
    };
    std::vector<Open> open;      // wait for a turn, or have one
    std::vector<Unsent> unsent;  // held ones included
};

// Asks for messages that came while the number had no deployment.
struct KeptCall {
    PhoneNumberId channel;
    AppId app;          // that signed them
    WallTime oldest{};  // older ones stay as they are
};

struct KeptPage {
    std::vector<OpenMessage> messages;  // that wait for their turn from now on, in order
    bool is_last = false;               // there may be more in the next page
};

class NumberRecords {
  public:
    virtual ~NumberRecords() = default;

    virtual Result<std::optional<OutboundRecord>> find_outbound(const std::string& callback) = 0;
    // Of a number with one of its users; 0: they have none.
    virtual Result<ConversationId> find_conversation(const PhoneNumberId& channel, const Recipient& with) = 0;
    virtual Result<NumberTraffic> traffic(const PhoneNumberId& channel, WallTime since) = 0;
    virtual Result<NumberBacklog> backlog(const PhoneNumberId& channel) = 0;

    // The next page of what was kept for the number. The caller sees to it that it gets its turns.
    virtual Result<KeptPage> open_kept(const KeptCall& call) = 0;
};

}  // namespace parley
