// The asynchronous operations of one agent instance. Each accepted one completes exactly once: with its
// answer, or with CANCELLED when the agent gives it up or its turn ends, whichever comes first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <parley/plugin.h>

#include "base/unique_function.hpp"
#include "core/ids.hpp"
#include "host/handle_table.hpp"

namespace parley {

struct OperationResult {
    parley_status status = PARLEY_OK;
    std::int32_t http_status = 0;
    std::string headers_json;
    std::string body;
};

// To whom an operation belongs, and where its completion runs.
struct OperationOwner {
    parley_turn turn = 0;
    std::size_t lane = 0;
    ItemSeq seq{};
};

// Thread-safe. Functions that were handed over are called without a lock held.
class Operations {
  public:
    // Posts the completion to the agent; once the agent has had it, closed() must follow.
    using Deliver = std::function<void(parley_op, const OperationOwner&, OperationResult)>;
    Operations(std::size_t limit, Deliver deliver) : limit_(limit), deliver_(std::move(deliver)) {}

    parley_op open(const OperationOwner& owner);  // 0: `limit` are under way
    // How to stop the work behind it. Runs at once when the operation has been decided meanwhile.
    void set_abort(parley_op op, UniqueFunction<void()> abort);
    bool complete(parley_op op, OperationResult result);  // false: decided already, or unknown
    bool withdraw(parley_op op);                          // forgets it without a completion; false as above
    parley_status cancel(parley_op op);  // OK, also when its answer came first; STALE: unknown
    void cancel_turn(parley_turn turn);
    void closed(parley_op op);
    std::size_t size() const;  // until closed()

  private:
    struct Entry {
        OperationOwner owner;
        bool is_decided = false;
        UniqueFunction<void()> abort;
    };
    void cancel_pending(parley_op op, OperationOwner owner, UniqueFunction<void()> abort);

    const std::size_t limit_;
    const Deliver deliver_;
    mutable std::mutex mutex_;
    HandleTable<Entry> entries_;
};

}  // namespace parley
