// Which operation of the engine is which of a worker's.
#pragma once

#include <mutex>
#include <optional>
#include <unordered_map>

#include "host/operations.hpp"

namespace parley {

// Thread-safe; but one call at a time.
class OperationNames {
  public:
    // Around the start of an operation, which may complete before its number is known here. end_call gives the result
    // when it did.
    void begin_call();
    std::optional<OperationResult> end_call(parley_op op, parley_turn turn, parley_op workers);

    // The worker's number of an operation that has completed, for the last time; none when nobody waits for it.
    std::optional<parley_op> completed(parley_op op, const OperationResult& result);

    parley_op of(parley_op workers) const;  // 0: unknown
    void drop_turn(parley_turn turn);
    void clear();

  private:
    struct Named {
        parley_op workers = 0;
        parley_turn turn = 0;
    };
    mutable std::mutex mutex_;
    std::unordered_map<parley_op, Named> named_;
    std::unordered_map<parley_op, OperationResult> early_;
    bool is_calling_ = false;
};

}  // namespace parley
