// Port: which sends are between call and record right now. Survives SIGKILL without a sync; not a power cut,
// after which the head of every recipient's lane is in doubt instead.
#pragma once

#include <vector>

#include "core/ids.hpp"

namespace parley {

class InflightLog {
  public:
    virtual ~InflightLog() = default;
    virtual bool note(OutboundId id) = 0;   // any thread; false when the log is full: the send must wait
    virtual void clear(OutboundId id) = 0;  // any thread
};

// What the log of the engine before this one held.
struct InflightDoubts {
    bool same_boot = true;  // false: the machine restarted, `ids` means nothing
    std::vector<OutboundId> ids;
};

}  // namespace parley
