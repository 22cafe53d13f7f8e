// Writes on the shared board which turn each callback works on, and marks the one in which the process ended.
#pragma once

#include "host/callback_board.hpp"
#include "host/callback_observer.hpp"

namespace parley {

class Blame final : public CallbackObserver {
  public:
    // Installs handlers for fatal signals and for exit(). One a process, which never destroys it.
    explicit Blame(CallbackBoard board);

    void entering(ItemSeq seq) override;
    void left() override;

  private:
    CallbackBoard board_;
};

}  // namespace parley
