// What the outbox pump counts.
#pragma once

#include "core/outbox_pump.hpp"

namespace parley {

struct OutboxPump::Counters {
    explicit Counters(Metrics& m)
        : sent(m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "sent"}})),
          retried(m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "retry"}})),
          rejected(
              m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "rejected"}})),
          unknown(
              m.counter("parley_sends_total", "Calls to Graph by how they ended", {{"result", "unknown"}})),
          expired(m.counter("parley_sends_expired_total",
                            "Messages that were not sent: too old, or the service window closed")),
          resent(m.counter("parley_sends_in_doubt_total", "Held messages by how they were settled",
                           {{"by", "resend"}})),
          settled(m.counter("parley_sends_in_doubt_total", "Held messages by how they were settled",
                            {{"by", "status"}})),
          by_hand(m.counter("parley_sends_in_doubt_total", "Held messages by how they were settled",
                            {{"by", "person"}})),
          left(m.counter("parley_sends_in_doubt_total", "Held messages by how they were settled",
                         {{"by", "nobody"}})),
          waiting(m.gauge("parley_outbox_messages", "Messages in memory that wait to be sent")) {}
    Counter &sent, &retried, &rejected, &unknown, &expired, &resent, &settled, &by_hand, &left;
    Gauge& waiting;
};

}  // namespace parley
