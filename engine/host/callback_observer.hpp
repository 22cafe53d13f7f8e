// Port: who wants to know which message an agent's code is working on, for the mark a fatal signal leaves
// behind.
#pragma once

#include "core/ids.hpp"

namespace parley {

// Both are called on the executor's thread, around each callback of a turn; entering() with 0 around the
// others.
class CallbackObserver {
  public:
    virtual ~CallbackObserver() = default;
    virtual void entering(ItemSeq seq) = 0;
    virtual void left() = 0;
};

}  // namespace parley
