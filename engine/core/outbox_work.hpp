// What the outbox pump does once its mutex is released.
#pragma once

#include "core/outbox_pump.hpp"

namespace parley {

struct OutboxPump::Call {
    OutboundMessage message;
    DeploymentPtr account;
};

struct OutboxPump::Record {
    OutcomeRecord outcome;
    ConversationId lane;
    bool ends_front = false;  // the lane goes on when the outcome is durable
    SendEnding ending;        // for its watcher
    SendWatcher watcher;
};

struct OutboxPump::Question {  // when did the person last write?
    ConversationId lane;
    OutboundId message;
};

struct OutboxPump::Work {
    std::vector<Record> records;
    std::vector<Call> calls;
    std::vector<NewOutbound> fresh;  // to be stored and sent
    std::vector<Question> questions;
};

}  // namespace parley
